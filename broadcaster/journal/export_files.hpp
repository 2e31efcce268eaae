// The files of an export: written line by line, each with its SHA-256, so that the folder says itself what belongs to
// it. Thread rule: one thread at a time; blocking on the disk.
#pragma once

#include <boost/json/array.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "broadcaster/base/digest.hpp"
#include "broadcaster/base/error.hpp"

namespace broadcaster::journal {

/// What is in the folder, by name.
class Manifest {
 public:
  explicit Manifest(std::filesystem::path folder) : folder_(std::move(folder)) {}
  const std::filesystem::path& folder() const { return folder_; }

  /// Errors: unavailable.
  base::Result<void> write(const std::string& name, std::string_view content);
  void add(const std::string& name, const base::Digest& digest) { digests_[name] = digest; }
  /// Lines as `sha256sum -c` reads them: hash, two spaces, name.
  std::string text() const;

 private:
  std::filesystem::path folder_;
  std::map<std::string, base::Digest> digests_;
};

/// A file that grows; the disk's answer is asked for at the end.
class Lines {
 public:
  Lines(Manifest& manifest, std::string name);
  void add(std::string_view line);
  /// Errors: unavailable.
  base::Result<void> close();

 private:
  Manifest* manifest_;
  std::string name_;
  std::ofstream file_;
  base::Sha256 sum_;
};

/// A field of a CSV file (RFC 4180). One that begins with = + - @, a tab or a line end would be a formula in a
/// spreadsheet (OWASP "CSV Injection"): it gets an apostrophe in front, which spreadsheets show as text.
std::string csv_field(std::string_view text);

/// The same rows twice: NAME.csv for a spreadsheet, NAME.jsonl for programs, which has every value as it is.
class Table {
 public:
  using Columns = std::vector<std::string>;
  Table(Manifest& manifest, const std::string& name, Columns columns);
  /// A text, a whole number, or null for each column.
  void add(const boost::json::array& row);
  base::Result<void> close();

 private:
  Columns columns_;
  Lines csv_, json_;
};

}  // namespace broadcaster::journal
