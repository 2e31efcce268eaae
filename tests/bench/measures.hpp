// What is measured; each tells its figures as it has them. README.md says what they mean.
//
// Thread rule: one at a time, from main. Errors: std::runtime_error when something could not be measured at all.
#pragma once

#include <filesystem>

namespace broadcaster::bench {

struct Size {
  enum class Kind { whole, quick } kind = Kind::whole;
  int of(int whole, int quick) const { return kind == Kind::whole ? whole : quick; }
};

void measure_journal(Size size);
void measure_record(Size size);
void measure_recovery(Size size);
void measure_urgency(Size size);
void measure_memory(Size size);
void measure_fanout(Size size);

/// What a measured process is: the owner of `state`, whose gateway listens at `url`. Returns an exit code.
int own(const std::filesystem::path& state, const std::string& url);

}  // namespace broadcaster::bench
