#include "broadcaster/service/paging/page_json.hpp"

#include <array>
#include <boost/json.hpp>

#include "broadcaster/base/canonical_json.hpp"
#include "broadcaster/service/wire.hpp"

namespace broadcaster::service {
namespace {

namespace json = boost::json;
using Reached = Called::Reached;

constexpr std::array<std::pair<std::string_view, Reached>, 3> reached_names{
    {{"not_known", Reached::not_known}, {"by_some_way", Reached::by_some_way}, {"by_none", Reached::by_none}}};
constexpr std::array<std::pair<std::string_view, Calls>, 2> calls_names{
    {{"one_after_the_other", Calls::one_after_the_other}, {"all_at_once", Calls::all_at_once}}};

template <class Names, class Value>
std::string_view name_in(const Names& names, Value value) {
  for (const auto& [name, one] : names)
    if (one == value) return name;
  return "";
}

/// Throws boost::system::system_error or std::out_of_range for what is not there: parse_kept() catches.
std::string text_at(const json::object& object, std::string_view key) {
  return std::string(object.at(key).as_string());
}

base::WallTime time_at(const json::object& object, std::string_view key) {
  const auto time = base::parse_utc(text_at(object, key));
  if (!time) throw std::out_of_range("time");
  return *time;
}

template <class Names>
auto choice_at(const Names& names, const json::object& object, std::string_view key) {
  const auto text = text_at(object, key);
  for (const auto& [name, value] : names)
    if (name == text) return value;
  throw std::out_of_range("choice");
}

Page page_from(const json::object& object) {
  const auto number = parse_page_name(text_at(object, "page"));
  if (!number) throw std::out_of_range("page");
  Page page{.number = *number,
            .key = text_at(object, "key"),
            .text = text_from_json(object.at("text")),
            .opened = time_at(object, "opened"),
            .calls = choice_at(calls_names, object, "calls"),
            .order = {},
            .called = {},
            .acknowledged = {},
            .ended = {}};
  for (const auto& person : object.at("order").as_array()) page.order.emplace_back(person.as_string());
  for (const auto& one : object.at("called").as_array()) {
    const auto& called = one.as_object();
    page.called.push_back({.person = text_at(called, "person"),
                           .tries = static_cast<int>(called.at("tries").as_int64()),
                           .last = time_at(called, "last"),
                           .reached = choice_at(reached_names, called, "reached")});
  }
  for (const auto& one : object.at("acknowledged").as_array()) {
    const auto& ack = one.as_object();
    page.acknowledged.push_back({text_at(ack, "by"), time_at(ack, "at"), text_at(ack, "how")});
  }
  if (!object.at("ended").is_null()) page.ended = time_at(object, "ended");
  return page;
}

}  // namespace

json::object to_json(const Page& page) {
  json::array called, acknowledged;
  for (const auto& one : page.called)
    called.push_back(json::object{{"person", one.person},
                                  {"tries", one.tries},
                                  {"last", base::format_utc(one.last)},
                                  {"reached", name_in(reached_names, one.reached)}});
  for (const auto& one : page.acknowledged)
    acknowledged.push_back(json::object{{"by", one.by}, {"at", base::format_utc(one.at)}, {"how", one.how}});
  return {{"page", page_name(page.number)},
          {"key", page.key},
          {"text", to_json(page.text)},
          {"opened", base::format_utc(page.opened)},
          {"calls", name_in(calls_names, page.calls)},
          {"order", json::array(page.order.begin(), page.order.end())},
          {"called", std::move(called)},
          {"acknowledged", std::move(acknowledged)},
          {"ended", page.ended ? json::value(base::format_utc(*page.ended)) : json::value()}};
}

std::string kept_text(const KeptPages& kept) {
  json::array pages;
  for (const auto& page : kept.pages) pages.push_back(to_json(page));
  return base::canonical_json(json::object{{"next", kept.next}, {"pages", std::move(pages)}});
}

base::Result<KeptPages> parse_kept(const std::string& text) {
  const auto value = base::parse_json(text, "pages");
  if (!value) return std::unexpected(value.error());
  try {
    KeptPages kept;
    kept.next = value->as_object().at("next").as_int64();
    for (const auto& page : value->as_object().at("pages").as_array())
      kept.pages.push_back(page_from(page.as_object()));
    return kept;
  } catch (const std::exception&) {
    return base::fail(base::ErrorKind::bad_input, {"service.pages_unreadable", {}});
  }
}

}  // namespace broadcaster::service
