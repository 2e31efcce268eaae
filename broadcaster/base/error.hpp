// What a caller can act on, as a value.
//
// An Error carries no finished sentence but a key of the message catalogue and its arguments, so that the edge
// (command line, socket, report) can say it in the agency's language. A bug is not an Error: it throws or aborts.
// Thread rule: plain values.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace broadcaster::base {

/// Where in a file something stands. Lines and columns count from 1; 0 means "not known".
struct Place {
  std::string file;
  int line = 0;
  int column = 0;
  bool operator==(const Place&) const = default;
};

/// Another entry of the catalogue used as an argument, such as "a whole number".
struct Key {
  std::string id;
  bool operator==(const Key&) const = default;
};

using Argument = std::variant<std::string, std::int64_t, Key>;

/// A sentence of the message catalogue with its arguments by name. See base/catalogue.hpp.
struct Text {
  std::string id;
  std::vector<std::pair<std::string, Argument>> arguments;
  bool operator==(const Text&) const = default;
};

/// Whose fault it is, and so the exit status of the command (README, "Exit status").
enum class ErrorKind {
  bad_input,     ///< A file or value that a person wrote is wrong.            exit 1
  usage,         ///< The command was called wrongly.                          exit 2
  refused,       ///< Not approved, expired, changed, mode conflict.           exit 4
  unavailable,   ///< State, disk, lock or network did not let us run.         exit 5
  check_failed,  ///< A check ran and found something.                         exit 6
};

struct Error {
  ErrorKind kind = ErrorKind::bad_input;
  Text text;
  std::optional<Place> place;
  std::string key;  ///< The key in the file, as "info[0].urgency"; empty where there is none.
  bool operator==(const Error&) const = default;
};

template <class T>
using Result = std::expected<T, Error>;

/// For readers that go on after a mistake, so that a person sees all of them at once. Never empty when it is an error.
using Errors = std::vector<Error>;
template <class T>
using Checked = std::expected<T, Errors>;

inline std::unexpected<Error> fail(ErrorKind kind, Text text) {
  return std::unexpected(Error{.kind = kind, .text = std::move(text), .place = {}, .key = {}});
}

int exit_status(ErrorKind kind);

}  // namespace broadcaster::base
