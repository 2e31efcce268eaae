#include "broadcaster/cli/ask.hpp"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <limits>

namespace broadcaster::cli {
namespace {

constexpr std::size_t longest_answer = 4096;

std::string trimmed(const std::string& text) {
  constexpr auto space = " \t\r\n";
  const auto begin = text.find_first_not_of(space);
  if (begin == std::string::npos) return {};
  return text.substr(begin, text.find_last_not_of(space) - begin + 1);
}

std::string folded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool space = c == ' ' || c == '\t';
    if (space && (out.empty() || out.back() == ' ')) continue;
    out += space ? ' ' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  if (out.ends_with(' ')) out.pop_back();
  return out;
}

/// The terminal, with its echo off while this lives.
class SilentTerminal {
 public:
  SilentTerminal() : fd_(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)) {
    if (fd_ < 0 || ::tcgetattr(fd_, &before_) != 0) return;
    auto silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    works_ = ::tcsetattr(fd_, TCSAFLUSH, &silent) == 0;
  }
  ~SilentTerminal() {
    if (works_) ::tcsetattr(fd_, TCSAFLUSH, &before_);
    if (fd_ >= 0) ::close(fd_);
  }
  SilentTerminal(const SilentTerminal&) = delete;
  SilentTerminal& operator=(const SilentTerminal&) = delete;

  bool works() const { return works_; }
  void write(std::string_view text) const {
    if (::write(fd_, text.data(), text.size()) < 0) return;  // the answer will show it
  }
  std::optional<std::string> line() const {
    std::string out;
    for (char c = 0; out.size() < longest_answer;) {
      if (::read(fd_, &c, 1) != 1) return std::nullopt;
      if (c == '\n') break;
      out += c;
    }
    write("\n");
    return out;
  }

 private:
  int fd_;
  bool works_ = false;
  struct termios before_{};
};

}  // namespace

Asker::Asker(const Screen& screen) : screen_(screen) {}

int Asker::patience() const { return ::isatty(STDIN_FILENO) ? std::numeric_limits<int>::max() : 3; }

base::Result<std::string> Asker::ask(const base::Text& question, const std::string& otherwise) const {
  const auto prompt =
      screen_.prompt(screen_.say(question) + (otherwise.empty() ? "" : " [" + otherwise + "]") + ":") + " ";
  std::fwrite(prompt.data(), 1, prompt.size(), stdout);
  std::fflush(stdout);
  std::string answer;
  int c = 0;
  while ((c = std::fgetc(stdin)) != EOF && c != '\n' && answer.size() < longest_answer) answer += static_cast<char>(c);
  // What a script answers is seen beside its question, as if it had been typed.
  if (!::isatty(STDIN_FILENO)) screen_.text(answer);
  if (c == EOF && answer.empty())
    return base::fail(base::ErrorKind::bad_input, {"cli.input_ended", {{"question", screen_.say(question)}}});
  answer = trimmed(answer);
  return answer.empty() ? otherwise : answer;
}

bool same_words(std::string_view typed, std::string_view words) { return folded(typed) == folded(words); }

base::Result<std::string> ask_secretly(const Screen& screen, const base::Text& question) {
  const SilentTerminal terminal;
  if (!terminal.works()) return base::fail(base::ErrorKind::usage, {"cli.no_terminal", {}});
  terminal.write(screen.say(question) + ": ");
  auto answer = terminal.line();
  if (!answer) return base::fail(base::ErrorKind::bad_input, {"cli.input_ended", {{"question", screen.say(question)}}});
  return std::move(*answer);
}

}  // namespace broadcaster::cli
