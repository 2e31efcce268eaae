#include "broadcaster/service/paging/page_table.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace broadcaster::service {
namespace {

using Wakes = PageRow::Wakes;
using News = PageRow::News;

// The first that fits. Sirens that are offline or refuse are many, and come and go: they show. What makes a way out,
// the journal or an alert itself fail wakes, and so does a siren that may sound unasked (R54).
constexpr std::array rows{
    PageRow{"store", Wakes::somebody, News::no, "service.page_journal", "journal"},
    PageRow{"journal", Wakes::somebody, News::no, "service.page_journal", "journal"},
    PageRow{"/audit/writer", Wakes::somebody, News::no, "service.page_journal", "journal"},
    PageRow{"/audit/journal", Wakes::somebody, News::no, "service.page_journal", "journal"},
    PageRow{"/audit/disk", Wakes::somebody, News::no, "service.page_disk"},
    PageRow{"/audit/loop", Wakes::nobody, News::no, ""},
    PageRow{"/audit/**", Wakes::somebody, News::no, "service.page_audit", "audit"},
    PageRow{"/retention", Wakes::nobody, News::no, ""},
    PageRow{"/dead_man", Wakes::nobody, News::no, ""},
    // Live alerts are refused until somebody signs, or puts back what was signed. That nobody ever signed is said at
    // every start, and by `check`: an agency that is only beginning is not woken for it.
    PageRow{"/signed_set/changed", Wakes::somebody, News::no, "service.page_signed_set"},
    PageRow{"/signed_set/never", Wakes::nobody, News::no, ""},
    PageRow{"/signed_set/restart", Wakes::nobody, News::no, ""},
    PageRow{"/duty", Wakes::nobody, News::no, ""},  // because nobody can be
    PageRow{"/fence", Wakes::somebody, News::no, "service.page_fence"},
    // A bulletin that has come, or has changed: its draft waits for people.
    PageRow{"/draft/*", Wakes::somebody, News::another_text, "service.page_draft"},
    // A bulletin that was not made a draft: a person looks why.
    PageRow{"/question/*", Wakes::somebody, News::another_text, "service.page_question"},
    // A bulletin has ended under an alert that rests on it: a person decides.
    PageRow{"/over/*", Wakes::somebody, News::another_text, "service.page_bulletin_over"},
    PageRow{"/feed/*/*", Wakes::somebody, News::no, "service.page_feed"},
    PageRow{"/lapse/*", Wakes::somebody, News::another_text, "service.page_lapse"},
    PageRow{"/resume/**", Wakes::somebody, News::no, "service.page_not_resumed"},
    PageRow{"shut/*", Wakes::somebody, News::no, "service.page_shut"},
    PageRow{"held/*", Wakes::somebody, News::no, "service.page_held"},
    PageRow{"held/*/*", Wakes::somebody, News::no, "service.page_not_signed"},
    PageRow{"expand/*", Wakes::somebody, News::no, "service.page_audience"},
    PageRow{"*/left_out", Wakes::somebody, News::no, "service.page_left_out"},
    PageRow{"*/read_back_differs", Wakes::somebody, News::another_text, "service.page_differs"},
    PageRow{"*/broker", Wakes::somebody, News::no, "service.page_broker"},
    PageRow{"*/subscription/**", Wakes::somebody, News::no, "service.page_broker"},
    PageRow{"*/event/**", Wakes::nobody, News::no, ""},
    PageRow{"*/offline/*", Wakes::nobody, News::no, ""},
    PageRow{"*/rejected/*", Wakes::nobody, News::no, ""},
    PageRow{"*/stranger/*", Wakes::somebody, News::no, "service.page_siren_alone"},
};
constexpr PageRow unknown{"**", Wakes::somebody, News::no, "service.page_other"};

/// Arguments that stay what they are for as long as an alarm stands.
constexpr std::array<std::string_view, 5> lasting{"endpoint", "siren", "alert", "minutes", "feed"};

std::string_view take_part(std::string_view& rest) {
  const auto slash = rest.find('/');
  const auto part = rest.substr(0, slash);
  rest = slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
  return part;
}

bool has_more(std::string_view whole, std::string_view part, std::string_view rest) {
  return part.size() < whole.size() || !rest.empty();
}

bool fits(std::string_view pattern, std::string_view key) {
  while (true) {
    const auto pattern_before = pattern, key_before = key;
    const auto want = take_part(pattern), have = take_part(key);
    if (want == "**") return true;
    if (want != "*" && want != have) return false;
    const bool more_wanted = has_more(pattern_before, want, pattern), more_there = has_more(key_before, have, key);
    if (more_wanted != more_there) return false;
    if (!more_wanted) return true;
  }
}

/// The part of a key that names what it is about: "sms-live" of "shut/sms-live" and of "sms-live/left_out".
std::string part_of(std::string_view key, std::size_t number) {
  std::string_view part;
  for (std::size_t i = 0; i <= number; ++i) part = take_part(key);
  return std::string(part);
}

}  // namespace

const PageRow& page_row(std::string_view alarm) {
  for (const auto& row : rows)
    if (fits(row.pattern, alarm)) return row;
  return unknown;
}

std::string page_key(const PageRow& row, std::string_view alarm) {
  return std::string(row.page.empty() ? alarm : row.page);
}

base::Text page_text(const PageRow& row, std::string_view alarm, const base::Text& text) {
  base::Text out{std::string(row.text), {}};
  const auto has = [&](std::string_view name) {
    return std::ranges::any_of(out.arguments, [&](const auto& one) { return one.first == name; });
  };
  for (const auto& argument : text.arguments)
    if (row.news == News::another_text || std::ranges::find(lasting, argument.first) != lasting.end())
      out.arguments.push_back(argument);
  // What a text of another part does not say by a name of its own stands in the key.
  const bool first_is_kind = row.pattern.starts_with("held/") || row.pattern.starts_with("shut/");
  const auto endpoint = row.pattern == "held/*/*" ? 2u : first_is_kind ? 1u : 0u;
  const std::pair<const char*, std::string> from_key[] = {{"endpoint", part_of(alarm, endpoint)},
                                                          {"siren", part_of(alarm, 2)},
                                                          {"alert", part_of(alarm, 2)},
                                                          {"feed", part_of(alarm, 2)},
                                                          {"id", part_of(alarm, 2)},
                                                          {"key", std::string(alarm)},
                                                          {"minutes", "0"}};
  for (const auto& [name, value] : from_key)
    if (!has(name)) out.arguments.emplace_back(name, value);
  return out;
}

}  // namespace broadcaster::service
