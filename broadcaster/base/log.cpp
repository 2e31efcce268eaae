#include "broadcaster/base/log.hpp"

#include <fmt/format.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <vector>

#include "broadcaster/base/catalogue.hpp"
#include "broadcaster/base/time.hpp"

namespace broadcaster::base::log {
namespace {

constexpr std::size_t shortest_secret = 8;

struct Secrets {
  std::shared_mutex mutex;
  std::vector<std::string> values;
};

Secrets& secrets() {
  static Secrets all;
  return all;
}

std::string_view name_of(spdlog::level::level_enum level) {
  if (level <= spdlog::level::debug) return "debug";
  if (level == spdlog::level::info) return "info";
  return level == spdlog::level::warn ? "warning" : "error";
}

/// Nothing in a text may look like another line.
std::string one_line(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f)
      out += c == '\n' ? "\\n" : fmt::format("\\x{:02x}", byte);
    else
      out += c;
  }
  return out;
}

/// The one way out: redacts, then writes.
class Sink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit Sink(const std::string& path) {
    if (path.empty()) return;
    file_ = std::fopen(path.c_str(), "ae");
    if (!file_) std::fprintf(stderr, "error cannot open the log file %s; the log goes here\n", path.c_str());
  }
  ~Sink() override {
    if (file_) std::fclose(file_);
  }

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    const std::string_view text(message.payload.data(), message.payload.size());
    const auto line = fmt::format("{} {} {}\n", format_utc(std::chrono::time_point_cast<milliseconds>(message.time)),
                                  name_of(message.level), one_line(redact(text)));
    if (file_ && std::fwrite(line.data(), 1, line.size(), file_) == line.size() && std::fflush(file_) == 0) return;
    std::fwrite(line.data(), 1, line.size(), stderr);  // a full disk must not silence the log
  }
  void flush_() override { std::fflush(file_ ? file_ : stderr); }

  std::FILE* file_ = nullptr;
};

struct Current {
  std::mutex mutex;
  std::shared_ptr<spdlog::logger> logger = std::make_shared<spdlog::logger>("", std::make_shared<Sink>(""));
};

Current& current() {
  static Current one;
  return one;
}

void write(spdlog::level::level_enum level, std::string_view text) {
  std::shared_ptr<spdlog::logger> logger;
  {
    const std::lock_guard lock(current().mutex);
    logger = current().logger;
  }
  logger->log(level, spdlog::string_view_t(text.data(), text.size()));
}

spdlog::level::level_enum level_of(Level level) {
  switch (level) {
    case Level::debug:
      return spdlog::level::debug;
    case Level::info:
      return spdlog::level::info;
    case Level::warning:
      return spdlog::level::warn;
    case Level::error:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

}  // namespace

void start(Level level, const std::string& file) {
  auto logger = std::make_shared<spdlog::logger>("", std::make_shared<Sink>(file));
  logger->set_level(level_of(level));
  const std::lock_guard lock(current().mutex);
  current().logger = std::move(logger);
}

void debug(std::string_view text) { write(spdlog::level::debug, text); }
void info(std::string_view text) { write(spdlog::level::info, text); }
void warning(std::string_view text) { write(spdlog::level::warn, text); }
void error(std::string_view text) { write(spdlog::level::err, text); }
void error(std::string_view what, const Error& why) { error(std::string(what) + ": " + Catalogue::of("en").say(why)); }

void forget(std::string_view secret) {
  if (secret.size() < shortest_secret) return;
  auto& all = secrets();
  const std::unique_lock lock(all.mutex);
  if (std::find(all.values.begin(), all.values.end(), secret) == all.values.end()) all.values.emplace_back(secret);
}

std::string redact(std::string_view text) {
  // Every occurrence of every secret is marked first, so that of two that overlap nothing is left over.
  std::vector<std::pair<std::size_t, std::size_t>> spans;
  {
    auto& all = secrets();
    const std::shared_lock lock(all.mutex);
    for (const auto& secret : all.values)
      for (auto at = text.find(secret); at != std::string_view::npos; at = text.find(secret, at + 1))
        spans.emplace_back(at, at + secret.size());
  }
  std::sort(spans.begin(), spans.end());
  std::string out;
  std::size_t done = 0;
  for (const auto& [from, to] : spans) {
    if (from >= done) {
      out += text.substr(done, from - done);
      out += "[secret]";
    }
    done = std::max(done, to);
  }
  return out += text.substr(done);
}

}  // namespace broadcaster::base::log
