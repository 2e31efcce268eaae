#include "broadcaster/service/fence.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cerrno>
#include <charconv>
#include <condition_variable>
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

std::optional<std::int64_t> epoch_in(std::string_view name, std::string_view before) {
  if (!name.starts_with(before)) return std::nullopt;
  std::int64_t epoch = 0;
  const auto digits = name.substr(before.size());
  const auto* end = digits.data() + digits.size();
  if (std::from_chars(digits.data(), end, epoch).ptr != end || epoch < 0 || epoch > Fence::highest_epoch)
    return std::nullopt;
  return epoch;
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

Fence::Owner Fence::owner(std::int64_t below) const {
  std::error_code error;
  // A share that is not mounted has no such folder, or no mark in it: the first is an error here, the second is not,
  // and that is why nobody takes over without a word.
  fs::directory_iterator entries(folder_, error);
  if (error) return unreadable(folder_);
  std::optional<std::int64_t> highest;
  for (const fs::directory_iterator end; entries != end; entries.increment(error)) {
    const auto epoch = epoch_in(entries->path().filename().string(), stem_ + ".owner-");
    if (epoch && *epoch < below && (!highest || *epoch > *highest)) highest = epoch;
    if (error) break;
  }
  if (error) return unreadable(folder_);
  if (!highest) return std::nullopt;
  const auto object = read_object(owner_file(*highest));
  auto machine = text_at(object, "machine");
  if (machine.empty()) machine = "?";
  return FenceMark{*highest, std::move(machine), time_at(object, "at"), text_at(object, "claim")};
}

Fence::Owner Fence::owner_within(base::milliseconds patience) const try {
  struct Look {
    std::mutex mutex;
    std::condition_variable done;
    std::optional<Owner> seen;
  };
  const auto look = std::make_shared<Look>();
  std::thread([look, fence = *this] {
    auto seen = fence.owner();
    const std::lock_guard lock(look->mutex);
    look->seen = std::move(seen);
    look->done.notify_one();
  }).detach();
  std::unique_lock lock(look->mutex);
  if (!look->done.wait_for(lock, patience, [&] { return look->seen.has_value(); })) return unreadable(folder_);
  return std::move(*look->seen);
} catch (const std::system_error&) {  // no thread to be had now
  return unreadable(folder_);
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
