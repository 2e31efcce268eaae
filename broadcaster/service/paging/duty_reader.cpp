// duty.yaml read, and held against people and endpoints.
#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "broadcaster/alert/wording.hpp"
#include "broadcaster/base/catalogue.hpp"
#include "broadcaster/base/files.hpp"
#include "broadcaster/base/secret.hpp"
#include "broadcaster/base/yaml.hpp"
#include "broadcaster/net/mail.hpp"
#include "broadcaster/service/paging/duty.hpp"

namespace broadcaster::service {
namespace {

using base::Fields;
using base::Node;

constexpr std::array<std::pair<std::string_view, WayKind>, 3> kinds{
    {{"sms", WayKind::sms}, {"ntfy", WayKind::ntfy}, {"email", WayKind::email}}};
constexpr std::array<std::string_view, 7> days{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
constexpr std::size_t minutes_a_day = 24 * 60;
/// Faster than this wakes nobody sooner, and fills a gateway.
constexpr std::chrono::seconds least_wait{10}, longest_wait{3600};

bool has_scheme(std::string_view url, std::initializer_list<std::string_view> schemes) {
  return url.find_first_of(" @\n") == std::string_view::npos && std::ranges::any_of(schemes, [&](auto scheme) {
           return url.starts_with(scheme) && url.size() > scheme.size();
         });
}

bool is_number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  return text.size() >= 3 && text.size() <= 15 &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// ntfy's own rule for a topic.
bool is_topic(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

bool may_be_called(WayKind kind, std::string_view to) {
  switch (kind) {
    case WayKind::sms:
      return is_number(to);
    case WayKind::ntfy:
      return is_topic(to);
    case WayKind::email:
      return net::is_mail_address(to);
  }
  return false;
}

/// "22.00" or "22:00"; "24.00" is the end of the day.
std::optional<std::size_t> minute_of_day(const std::string& text) {
  const auto digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9'; };
  if (text.size() != 5 || (text[2] != '.' && text[2] != ':')) return std::nullopt;
  if (!digit(0) || !digit(1) || !digit(3) || !digit(4)) return std::nullopt;
  const int hour = (text[0] - '0') * 10 + text[1] - '0', minute = (text[3] - '0') * 10 + text[4] - '0';
  if (minute > 59 || hour * 60 + minute > static_cast<int>(minutes_a_day)) return std::nullopt;
  return static_cast<std::size_t>(hour * 60 + minute);
}

std::string minute_text(std::size_t minute) {
  return fmt::format("{:02}.{:02}", minute % minutes_a_day / 60, minute % 60);
}

class Reader {
 public:
  Reader(const DutyContext& context, std::string folder, base::Errors& errors)
      : context_(context), folder_(std::move(folder)), errors_(errors) {}

  Duty read(const Node& root) {
    Fields fields(root, "", errors_);
    wait(fields, "next_after", duty_.next_after);
    wait(fields, "again_every", duty_.again_every);
    // First what others refer to.
    each(fields, "ways", [this](const Node& node, const std::string& path) { way(node, path); });
    each(fields, "people", [this](const Node& node, const std::string& path) { person(node, path); });
    each(fields, "shifts", [this](const Node& node, const std::string& path) { shift(node, path); });
    if (errors_.empty()) no_minute_without_anybody(fields);
    return std::move(duty_);
  }

 private:
  template <class Take>
  void each(Fields& fields, std::string_view key, Take take) {
    const auto* list = fields.child(key);
    if (!list) return;
    if (list->kind != Node::Kind::list || list->items.empty()) return fields.complain(key, {"service.duty_list", {}});
    for (std::size_t i = 0; i < list->items.size(); ++i)
      take(list->items[i], std::string(key) + "[" + std::to_string(i) + "]");
  }

  void wait(Fields& fields, std::string_view key, std::chrono::seconds& into) {
    const auto given = fields.maybe_duration(key);
    if (!given) return;
    into = *given;
    if (*given < least_wait || *given > longest_wait)
      fields.complain(key, {"service.duty_wait",
                            {{"least", std::int64_t{least_wait.count()}},
                             {"most", std::chrono::duration_cast<std::chrono::minutes>(longest_wait).count()}}});
  }

  void way(const Node& node, const std::string& path) {
    Fields fields(node, path, errors_);
    PageWay way;
    way.name = fields.text("name");
    if (!way.name.empty() && !alert::is_id(way.name)) fields.complain("name", {"service.duty_way_name", {}});
    if (duty_.way(way.name)) fields.complain("name", {"service.duty_twice", {{"what", way.name}}});
    way.kind = fields.choice<WayKind>("kind", kinds);
    way.mode = fields.choice<alert::Mode>("mode", alert::choices<alert::Mode>());
    switch (way.kind) {
      case WayKind::sms:
        sms(fields, way);
        break;
      case WayKind::ntfy:
        url(fields, way, {"https://", "http://"});
        way.token = secret(fields, "token");
        break;
      case WayKind::email:
        url(fields, way, {"smtps://", "smtp://"});
        way.sender = fields.text("from");
        if (!way.sender.empty() && !net::is_mail_address(way.sender))
          fields.complain("from", {"service.duty_address", {{"found", way.sender}}});
        way.username = fields.maybe_text("username").value_or("");
        way.password = secret(fields, "password");
        way.ca = fields.maybe_text("ca").value_or("");
        break;
    }
    duty_.ways.push_back(std::move(way));
  }

  void url(Fields& fields, PageWay& way, std::initializer_list<std::string_view> schemes) {
    way.url = fields.text("url");
    if (way.url.empty()) return;
    if (!has_scheme(way.url, schemes))
      fields.complain("url", {"service.duty_url", {{"expected", std::string(*schemes.begin()) + "…"}}});
    while (way.url.ends_with('/')) way.url.pop_back();
  }

  /// Never shows what was found: it may be a secret.
  std::string secret(Fields& fields, std::string_view key) {
    auto text = fields.maybe_text(key).value_or("");
    if (!text.empty() && !base::Secret::is_reference(text)) fields.complain(key, {"service.duty_bare_secret", {}});
    of_no_endpoint(fields, key, text);
    return text;
  }

  /// duty.yaml is not signed and says where pages go: what a signed destination keeps is never sent there.
  void of_no_endpoint(Fields& fields, std::string_view key, const std::string& text) {
    if (!base::Secret::is_reference(text)) return;
    for (const auto& endpoint : context_.endpoints)
      for (const auto& [_, setting] : endpoint.settings)
        if (base::Secret::is_reference(setting) && base::Secret::leads_to_the_same(text, setting, folder_))
          return fields.complain(key, {"service.duty_secret_of_endpoint", {{"endpoint", endpoint.name.value}}});
  }

  void sms(Fields& fields, PageWay& way) {
    const auto name = fields.maybe_text("endpoint");
    if (!name) {
      url(fields, way, {"https://", "http://"});
      way.username = fields.text("username");
      way.sender = fields.text("sender");
      way.smsc = fields.maybe_text("smsc").value_or("");
      way.password = secret(fields, "password");
      if (way.password.empty()) fields.complain("password", {"service.duty_bare_secret", {}});
      return;
    }
    const auto found =
        std::ranges::find(context_.endpoints, *name, [](const plan::Endpoint& e) { return e.name.value; });
    if (found == context_.endpoints.end() || found->channel != "sms")
      return fields.complain("endpoint", {"service.duty_endpoint", {{"found", *name}}});
    if (found->mode != way.mode)
      return fields.complain("endpoint", {"service.duty_endpoint_mode",
                                          {{"endpoint", *name}, {"mode", std::string(alert::name(found->mode))}}});
    const auto setting = [&](const char* key) {
      const auto it = found->settings.find(key);
      return it == found->settings.end() ? std::string() : it->second;
    };
    way.url = setting("url");
    while (way.url.ends_with('/')) way.url.pop_back();
    way.username = setting("username");
    way.password = setting("password");
    way.sender = setting("sender");
    way.smsc = setting("smsc");
  }

  void person(const Node& node, const std::string& path) {
    Fields fields(node, path, errors_);
    OnDuty person;
    person.person = fields.text("person");
    const auto* known = context_.people.find(person.person);
    if (known) person.name = known->name;
    if (!known && !person.person.empty())
      fields.complain("person", {"service.duty_person", {{"found", person.person}}});
    if (duty_.find(person.person)) fields.complain("person", {"service.duty_twice", {{"what", person.person}}});
    person.language = fields.maybe_text("language").value_or("");
    const auto languages = base::Catalogue::languages();
    if (!person.language.empty() && std::ranges::find(languages, person.language) == languages.end())
      fields.complain("language", {"service.duty_language", {{"found", person.language}}});
    if (const auto* list = fields.child("wake")) wakes(fields, *list, person);
    duty_.people.push_back(std::move(person));
  }

  void wakes(Fields& of, const Node& list, OnDuty& person) {
    if (list.kind != Node::Kind::list || list.items.empty()) return of.complain("wake", {"service.duty_list", {}});
    for (std::size_t i = 0; i < list.items.size(); ++i) {
      Fields fields(list.items[i], of.path_of("wake") + "[" + std::to_string(i) + "]", errors_);
      Wake wake{fields.text("way"), fields.text("to")};
      const auto* way = duty_.way(wake.way);
      if (!way && !wake.way.empty()) fields.complain("way", {"service.duty_way", {{"found", wake.way}}});
      if (way && !wake.to.empty() && !base::Secret::is_reference(wake.to) && !may_be_called(way->kind, wake.to))
        fields.complain("to", {"service.duty_to", {{"found", wake.to}}});
      of_no_endpoint(fields, "to", wake.to);
      person.wake.push_back(std::move(wake));
    }
  }

  void shift(const Node& node, const std::string& path) {
    Fields fields(node, path, errors_);
    Shift shift;
    const auto from = hour(fields, "from", 0), until = hour(fields, "until", minutes_a_day);
    if (from == until) fields.complain("until", {"service.duty_no_hours", {}});
    const auto names = fields.maybe_texts("days");
    for (const auto& name : names)
      if (std::ranges::find(days, name) == days.end()) fields.complain("days", {"service.duty_day", {{"found", name}}});
    const auto length = until > from ? until - from : until + minutes_a_day - from;
    for (std::size_t day = 0; day < days.size(); ++day) {
      if (!names.empty() && std::ranges::find(names, days[day]) == names.end()) continue;
      for (std::size_t i = 0; i < length; ++i) shift.when.set((day * minutes_a_day + from + i) % minutes_a_week);
    }
    for (const auto& name : fields.texts("order")) in_order(fields, name, shift);
    duty_.shifts.push_back(std::move(shift));
  }

  std::size_t hour(Fields& fields, std::string_view key, std::size_t otherwise) {
    const auto text = fields.maybe_text(key);
    if (!text) return otherwise;
    const auto minute = minute_of_day(*text);
    if (!minute) fields.complain(key, {"service.duty_time", {{"found", *text}}});
    return minute.value_or(otherwise);
  }

  void in_order(Fields& fields, const std::string& name, Shift& shift) {
    const auto* person = duty_.find(name);
    if (!person) return fields.complain("order", {"service.duty_nobody", {{"found", name}}});
    if (std::ranges::find(shift.order, name) != shift.order.end())
      return fields.complain("order", {"service.duty_twice", {{"what", name}}});
    for (const auto mode : {alert::Mode::live, alert::Mode::drill})
      if (duty_.has_ways(mode) && !duty_.reachable(*person, mode))
        fields.complain("order",
                        {"service.duty_unreachable",
                         {{"person", name}, {"mode", base::Key{"plan.mode_" + std::string(alert::name(mode))}}}});
    shift.order.push_back(name);
  }

  /// A roster with a hole is found by day.
  void no_minute_without_anybody(Fields& fields) {
    std::bitset<minutes_a_week> covered;
    for (const auto& shift : duty_.shifts) covered |= shift.when;
    for (std::size_t minute = 0; minute < minutes_a_week; ++minute) {
      if (covered.test(minute)) continue;
      auto end = minute;
      while (end < minutes_a_week && !covered.test(end)) ++end;
      return fields.complain("shifts", {"service.duty_hole",
                                        {{"day", base::Key{"service.day_" + std::string(days[minute / minutes_a_day])}},
                                         {"from", minute_text(minute)},
                                         {"until", minute_text(end)}}});
    }
  }

  const DutyContext& context_;
  const std::string folder_;
  base::Errors& errors_;
  Duty duty_;
};

}  // namespace

base::Checked<Duty> parse_duty(const std::string& text, const std::string& file, const DutyContext& context) {
  const auto root = base::parse_yaml(text, file);
  if (!root) return std::unexpected(root.error());
  base::Errors errors;
  auto duty = Reader(context, std::filesystem::path(file).parent_path().string(), errors).read(*root);
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return duty;
}

base::Checked<std::optional<Duty>> read_duty(const std::filesystem::path& path, const DutyContext& context) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return std::nullopt;
  const auto text = base::read_file(path, 1 << 20);
  if (!text) return std::unexpected(base::Errors{text.error()});
  auto duty = parse_duty(*text, path.string(), context);
  if (!duty) return std::unexpected(std::move(duty.error()));
  return std::optional(std::move(*duty));
}

}  // namespace broadcaster::service
