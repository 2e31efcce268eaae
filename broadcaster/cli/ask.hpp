// Questions to the person at the keyboard, or to a script: one answer a line on standard input.
//
// Thread rule: one thread; blocking.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "broadcaster/cli/screen.hpp"

namespace broadcaster::cli {

class Asker {
 public:
  explicit Asker(const Screen& screen);

  /// The answer without space around it; `otherwise` for an empty line, shown in brackets.
  /// Errors: bad_input when the input ends.
  base::Result<std::string> ask(const base::Text& question, const std::string& otherwise = {}) const;

  /// Asks again until `read` takes the answer, with its reason: for ever on a terminal, three times for a script.
  template <class T>
  base::Result<T> ask(const base::Text& question, const std::string& otherwise,
                      const std::function<base::Result<T>(const std::string&)>& read) const {
    for (int left = patience();; --left) {
      auto answer = ask(question, otherwise);
      if (!answer) return std::unexpected(answer.error());
      auto value = read(*answer);
      if (value || left <= 1) return value;
      screen_.note(value.error().text);
    }
  }

 private:
  int patience() const;
  const Screen& screen_;
};

/// Upper and lower case and the amount of space do not matter.
bool same_words(std::string_view typed, std::string_view words);

/// From the terminal itself, without echo, whatever standard input is. Errors: usage where there is no terminal.
base::Result<std::string> ask_secretly(const Screen& screen, const base::Text& question);

}  // namespace broadcaster::cli
