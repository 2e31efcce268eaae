#include "broadcaster/service/fence.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cerrno>
#include <charconv>
#include <condition_variable>
#include <limits>
#include <mutex>
#include <system_error>
#include <thread>

#include "broadcaster/base/canonical_json.hpp"
#include "broadcaster/base/files.hpp"

namespace broadcaster::service {
namespace {

namespace json = boost::json;
namespace fs = std::filesystem;

/// A last word names every alert that is open: a few, and never many thousands.
constexpr std::size_t largest_mark = 1 << 20;

std::unexpected<base::Error> unreadable(const fs::path& place) {
  return base::fail(base::ErrorKind::unavailable, {"service.fence_unreadable", {{"file", place.string()}}});
}

std::unexpected<base::Error> unwritable(const fs::path& place) {
  return base::fail(base::ErrorKind::unavailable, {"service.fence_unwritable", {{"file", place.string()}}});
}

json::object read_object(const fs::path& file) {
  const auto text = base::read_file(file, largest_mark);
  if (!text) return {};
  const auto parsed = base::parse_json(*text, file.string());
  return parsed && parsed->is_object() ? parsed->get_object() : json::object();
}

std::string text_at(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

base::WallTime time_at(const json::object& object, std::string_view key) {
  return base::parse_utc(text_at(object, key)).value_or(base::WallTime());
}

std::vector<std::string> list_at(const json::object& object, std::string_view key) {
  std::vector<std::string> out;
  const auto* value = object.if_contains(key);
  if (value && value->is_array())
    for (const auto& one : value->get_array())
      if (one.is_string()) out.emplace_back(one.get_string());
  return out;
}

json::array list(const std::vector<std::string>& texts) { return json::array(texts.begin(), texts.end()); }

std::optional<std::int64_t> number_in(std::string_view name, std::string_view before) {
  if (!name.starts_with(before)) return std::nullopt;
  std::int64_t number = 0;
  const auto digits = name.substr(before.size());
  const auto* end = digits.data() + digits.size();
  if (std::from_chars(digits.data(), end, number).ptr != end || number < 0) return std::nullopt;
  return number;
}

/// `look` on a thread of its own, which is left behind when it takes longer than `patience`: `otherwise` then.
template <class Seen, class Look>
Seen within(base::milliseconds patience, Look look, Seen otherwise) try {
  struct Desk {
    std::mutex mutex;
    std::condition_variable done;
    std::optional<Seen> seen;
  };
  const auto desk = std::make_shared<Desk>();
  std::thread([desk, look] {
    auto seen = look();
    const std::lock_guard lock(desk->mutex);
    desk->seen = std::move(seen);
    desk->done.notify_one();
  }).detach();
  std::unique_lock lock(desk->mutex);
  if (!desk->done.wait_for(lock, patience, [&] { return desk->seen.has_value(); })) return otherwise;
  return std::move(*desk->seen);
} catch (const std::system_error&) {  // no thread to be had now
  return otherwise;
}

}  // namespace

bool outranks(const FenceMark& mark, std::int64_t epoch, const std::string& claim) {
  if (mark.epoch != epoch) return mark.epoch > epoch;
  // What was never taken over has claimed nothing: every drill in a new folder is one of these.
  return epoch > 0 && mark.claim != claim;
}

Fence::Fence(fs::path folder, std::string agency, alert::Mode mode)
    : folder_(std::move(folder)), stem_(std::move(agency) + "-" + std::string(alert::name(mode))) {}

fs::path Fence::owner_file(std::int64_t epoch) const { return folder_ / (stem_ + ".owner-" + std::to_string(epoch)); }
fs::path Fence::left_file(std::int64_t epoch) const { return folder_ / (stem_ + ".left-" + std::to_string(epoch)); }

fs::path Fence::set_file(std::int64_t number) const { return folder_ / (stem_ + ".set-" + std::to_string(number)); }

base::Result<std::optional<std::int64_t>> Fence::highest(std::string_view kind, std::int64_t below) const {
  std::error_code error;
  // A share that is not mounted has no such folder, or no mark in it: the first is an error here, the second is not,
  // and that is why nobody takes over without a word.
  fs::directory_iterator entries(folder_, error);
  if (error) return unreadable(folder_);
  std::optional<std::int64_t> highest;
  for (const fs::directory_iterator end; entries != end; entries.increment(error)) {
    const auto number = number_in(entries->path().filename().string(), stem_ + "." + std::string(kind) + "-");
    if (number && *number < below && (!highest || *number > *highest)) highest = number;
    if (error) break;
  }
  if (error) return unreadable(folder_);
  return highest;
}

Fence::Owner Fence::owner(std::int64_t below) const {
  const auto epoch = highest("owner", std::min(below, highest_epoch + 1));
  if (!epoch) return std::unexpected(epoch.error());
  if (!*epoch) return std::nullopt;
  const auto object = read_object(owner_file(**epoch));
  auto machine = text_at(object, "machine");
  if (machine.empty()) machine = "?";
  return FenceMark{**epoch, std::move(machine), time_at(object, "at"), text_at(object, "claim")};
}

Fence::Owner Fence::owner_within(base::milliseconds patience) const {
  return within<Owner>(patience, [fence = *this] { return fence.owner(); }, unreadable(folder_));
}

base::Result<std::optional<SetMark>> Fence::newest_set() const {
  const auto number = highest("set", std::numeric_limits<std::int64_t>::max());
  if (!number) return std::unexpected(number.error());
  if (!*number) return std::nullopt;
  const auto object = read_object(set_file(**number));
  return SetMark{**number, text_at(object, "digest"), text_at(object, "machine")};
}

base::Result<std::optional<SetMark>> Fence::newest_set_within(base::milliseconds patience) const {
  return within<base::Result<std::optional<SetMark>>>(
      patience, [fence = *this] { return fence.newest_set(); }, unreadable(folder_));
}

base::Result<void> Fence::say_set(const SetMark& mark, base::WallTime now) const {
  const auto file = set_file(mark.number);
  std::error_code ignored;
  if (fs::exists(file, ignored)) return {};
  const auto text = base::canonical_json(
      json::object{{"at", base::format_utc(now)}, {"digest", mark.digest}, {"machine", mark.machine}});
  if (!base::write_file(file, text + "\n")) return unwritable(file);
  return {};
}

base::Result<Fence::Claimed> Fence::claim(const FenceMark& mark) const {
  const auto file = owner_file(mark.epoch);
  // Making it is the claim; what stands in it is for people and for whoever goes on with it.
  const int made = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (made < 0 && errno == EEXIST) return Claimed::taken;
  if (made < 0) return unwritable(file);
  ::close(made);
  const auto text = base::canonical_json(
      json::object{{"at", base::format_utc(mark.at)}, {"claim", mark.claim}, {"machine", mark.machine}});
  if (!base::write_file(file, text + "\n")) return unwritable(file);
  return Claimed::done;
}

std::optional<LastWord> Fence::left(std::int64_t epoch) const {
  const auto object = read_object(left_file(epoch));
  if (object.empty()) return std::nullopt;
  return LastWord{text_at(object, "machine"), time_at(object, "at"), list_at(object, "open"),
                  list_at(object, "stopped")};
}

base::Result<void> Fence::say_left(std::int64_t epoch, const LastWord& word) const {
  const auto text = base::canonical_json(json::object{{"at", base::format_utc(word.at)},
                                                      {"machine", word.machine},
                                                      {"open", list(word.open)},
                                                      {"stopped", list(word.stopped)}});
  if (!base::write_file(left_file(epoch), text + "\n")) return unwritable(left_file(epoch));
  return {};
}

std::string machine_name() {
  char name[256] = {};
  if (::gethostname(name, sizeof name - 1) != 0) return "?";
  return name;
}

}  // namespace broadcaster::service
