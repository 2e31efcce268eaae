// A CSV file, a record a line (RFC 4180 but for line breaks inside quotes; also LF alone, and a byte-order mark in
// front). No field of ours has two lines, and a quote that somebody forgot must not swallow the people below it. Memory
// is one record.
// Thread rule: blocking; one thread an object.
#pragma once

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "broadcaster/base/error.hpp"

namespace broadcaster::plan {

class CsvReader {
 public:
  enum class Step {
    record,
    end,
    too_long,    ///< a record of more than 4 KiB, skipped to its end
    open_quote,  ///< the line ends inside quotes; the next one is read again as a record
  };

  /// Errors: bad_input when the file is missing or unreadable.
  static base::Result<CsvReader> open(const std::filesystem::path& path);

  Step next(std::vector<std::string>& fields);
  /// Line on which the last record began, from 1.
  int line() const { return line_; }

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  explicit CsvReader(std::FILE* file) : file_(file) {}
  int get();

  std::unique_ptr<std::FILE, Close> file_;
  int line_ = 0;
  int next_line_ = 1;
};

}  // namespace broadcaster::plan
