// A plan file may come from anywhere: whatever is in it, reading gives a plan or an error, and nothing that was not
// signed is ever approved.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "broadcaster/approval/judge.hpp"
#include "broadcaster/approval/plan_file.hpp"

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  broadcaster::base::init_crypto();
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace approval = broadcaster::approval;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto read = approval::parse_plan_file(text, "plan.json");
  if (!read) return 0;
  const approval::People nobody;
  if (approval::judge(*read, nobody, read->plan.made_at).approved()) std::abort();
  // What was read is written as it was read.
  const auto again = approval::parse_plan_file(approval::plan_file_text(*read), "plan.json");
  if (!again || again->canonical != read->canonical || again->signatures != read->signatures) std::abort();
  return 0;
}
