// An agency in a folder of its own: the example's files, four officers with keys, one account that a range answers.
#pragma once

#include <filesystem>
#include <string>

#include "tests/cli/program.hpp"

namespace broadcaster::cli {

class Town {
 public:
  Town();
  ~Town();
  Town(const Town&) = delete;
  Town& operator=(const Town&) = delete;

  const std::filesystem::path& folder() const { return folder_; }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  std::string key(const std::string& person) const { return path(person + ".key"); }
  std::string read(const std::string& name) const;
  void write(const std::string& name, const std::string& text) const;
  /// Changes one text in a file; fails the test when it is not there.
  void replace(const std::string& name, const std::string& from, const std::string& to) const;

  /// A command with this agency's folders, state and passphrase; in English.
  Call call(std::vector<std::string> arguments, std::string input = {}) const;
  Ended run(std::vector<std::string> arguments, std::string input = {}) const;

  /// drill.plan of the example's exercise, or live.plan of its real twin, signed by its author sari.
  void make_plan(const std::string& mode = "drill") const;
  /// As many approvers as it takes sign the configuration as it is: without that nothing live is released.
  void sign_config() const;
  void approve(const std::string& person, const std::string& mode = "drill") const;

 private:
  std::filesystem::path folder_;
};

}  // namespace broadcaster::cli
