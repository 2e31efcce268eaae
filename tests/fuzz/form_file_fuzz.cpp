// A prepared alert's file may come from anywhere: whatever is in it, reading gives a form or an error, and nothing that
// was not signed is ever ready to be fired.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "broadcaster/approval/form_file.hpp"

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  broadcaster::base::init_crypto();
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace approval = broadcaster::approval;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto read = approval::parse_form_file(text, "alert.form");
  if (!read) {
    if (read.error().text.id.empty()) std::abort();
    return 0;
  }
  const approval::People nobody;
  if (approval::judge_form_signatures(*read, nobody, read->form.plan.made_at).approved()) std::abort();
  // What was read is written as it was read.
  const auto again = approval::parse_form_file(approval::form_file_text(*read), "alert.form");
  if (!again || again->canonical != read->canonical || again->signatures != read->signatures) std::abort();
  return 0;
}
