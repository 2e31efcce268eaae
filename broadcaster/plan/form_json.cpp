#include <algorithm>
#include <boost/json.hpp>

#include "broadcaster/alert/json_fields.hpp"
#include "broadcaster/base/canonical_json.hpp"
#include "broadcaster/plan/form.hpp"
#include "broadcaster/plan/plan_json.hpp"

namespace broadcaster::plan {
namespace {

namespace json = boost::json;
using alert::JsonFields;

constexpr std::int64_t most_seconds = 366 * 86400;
constexpr std::int64_t most_zones = 1000;
constexpr std::int64_t most_people = 10'000'000'000;

template <class List, class ToJson>
json::array list(const List& items, ToJson to) {
  json::array out;
  for (const auto& item : items) out.push_back(to(item));
  return out;
}

json::array texts(const std::vector<std::string>& items) { return json::array(items.begin(), items.end()); }

json::value info_json(const InfoTexts& info) {
  return json::object{{"language", info.language.value},
                      {"event", to_json(info.event)},
                      {"headline", to_json(info.headline)},
                      {"description", to_json(info.description)},
                      {"instruction", to_json(info.instruction)}};
}

json::value naming_json(const Naming& naming) {
  return json::object{{"zones", naming.zones},
                      {"infos", list(naming.infos, info_json)},
                      {"messages", list(naming.messages, [](const Message& m) { return to_json(m); })},
                      {"blocked", list(naming.blocked, [](const Blocked& b) { return to_json(b); })}};
}

json::value zone_list_json(const ZoneList& names) {
  const auto zone = [](const ListedZone& one) {
    return json::object{{"zone", one.zone.value}, {"whole", one.whole}, {"brief", one.brief}};
  };
  return json::object{{"language", names.language.value},
                      {"pair", names.pair},
                      {"middle", names.middle},
                      {"last", names.last},
                      {"zones", list(names.zones, zone)}};
}

json::array ids(const std::vector<alert::ZoneId>& zones) {
  return list(zones, [](const alert::ZoneId& id) { return json::value(id.value); });
}

json::value service_json(const Service& service) {
  return json::object{{"endpoint", service.endpoint.value}, {"zones", ids(service.zones)}};
}

json::value untold_json(const Untold& untold) {
  return json::object{{"zone", untold.zone.value},
                      {"sirens_of", ids(untold.sirens_of)},
                      {"gaps", list(untold.gaps, [](const Blocked& b) { return to_json(b); })}};
}

json::value people_json(const ListedPeople& listed) {
  return json::object{{"audience", listed.audience},
                      {"language", listed.standing.language.value},
                      {"zones", ids(listed.standing.zones)},
                      {"people", listed.standing.people}};
}

json::object to_json(const Form& form) {
  json::object out{
      {"prepared", form.format},
      {"plan", to_json(form.plan)},
      {"order", list(form.order, naming_json)},
      {"false_alarm", list(form.false_alarm, naming_json)},
      {"lists", list(form.lists, zone_list_json)},
      {"accounts", list(form.accounts, service_json)},
      {"untold", list(form.untold, untold_json)},
      {"last", base::format_utc(form.last)},
      {"lasts", form.lasts.count()},
      {"arrival", nullptr},
      {"tolerance_percent", form.tolerance_percent},
      {"people", list(form.people, people_json)},
      {"may_fire", list(form.may_fire,
                        [](const Firer& one) {
                          return json::object{
                              {"person", one.person}, {"keys", texts(one.keys)}, {"roles", texts(one.roles)}};
                        })},
      {"basis", list(form.basis,
                     [](const BasisPart& part) { return json::object{{"what", part.what}, {"digest", part.digest}}; })},
      {"endpoints", list(form.endpoints, [](const BoundEndpoint& one) {
         return json::object{{"name", one.name.value}, {"digest", one.digest}};
       })}};
  if (form.arrival)
    out["arrival"] =
        json::object{{"earliest", form.arrival->earliest.count()}, {"latest", form.arrival->latest.count()}};
  return out;
}

struct Reader {
  const std::string& file;
  base::Errors& errors;

  /// read(value, path) for each item of a list that must be there.
  template <class Read>
  auto list(JsonFields& fields, std::string_view key, Read read) {
    std::vector<decltype(read(std::declval<const json::value&>(), std::string{}))> out;
    if (fields.child(key))
      fields.each(key, [&](const json::value& item, const std::string& at) { out.push_back(read(item, at)); });
    return out;
  }

  Pieces pieces(JsonFields& fields, std::string_view key) {
    const auto* child = fields.child(key);
    return child ? pieces_from_json(*child, fields.path_of(key), file, errors) : Pieces();
  }

  InfoTexts info(const json::value& value, const std::string& path) {
    JsonFields fields(value, path, file, errors);
    InfoTexts out;
    out.language = alert::Language(fields.text("language"));
    out.event = pieces(fields, "event");
    out.headline = pieces(fields, "headline");
    out.description = pieces(fields, "description");
    out.instruction = pieces(fields, "instruction");
    return out;
  }

  Naming naming(const json::value& value, const std::string& path) {
    JsonFields fields(value, path, file, errors);
    Naming out;
    out.zones = static_cast<int>(fields.whole("zones", 1, most_zones));
    out.infos = list(fields, "infos", [&](const json::value& v, const std::string& at) { return info(v, at); });
    out.messages = list(fields, "messages", [&](const json::value& v, const std::string& at) {
      return message_from_json(v, at, file, errors);
    });
    out.blocked = list(fields, "blocked", [&](const json::value& v, const std::string& at) {
      return blocked_from_json(v, at, file, errors);
    });
    return out;
  }

  ZoneList zone_list(const json::value& value, const std::string& path) {
    JsonFields fields(value, path, file, errors);
    ZoneList out{
        alert::Language(fields.text("language")), fields.text("pair"), fields.text("middle"), fields.text("last"), {}};
    out.zones = list(fields, "zones", [&](const json::value& item, const std::string& at) {
      JsonFields zone(item, at, file, errors);
      return ListedZone{alert::ZoneId(zone.text("zone")), zone.text("whole"), zone.text("brief")};
    });
    return out;
  }

  Service service(const json::value& value, const std::string& path) {
    JsonFields fields(value, path, file, errors);
    Service out{EndpointName(fields.text("endpoint")), {}};
    for (auto& zone : fields.maybe_texts("zones")) out.zones.emplace_back(std::move(zone));
    return out;
  }

  Untold untold(const json::value& value, const std::string& path) {
    JsonFields fields(value, path, file, errors);
    Untold out{alert::ZoneId(fields.text("zone")), {}, {}};
    for (auto& zone : fields.maybe_texts("sirens_of")) out.sirens_of.emplace_back(std::move(zone));
    out.gaps = list(fields, "gaps", [&](const json::value& v, const std::string& at) {
      return blocked_from_json(v, at, file, errors);
    });
    return out;
  }

  Firer firer(const json::value& value, const std::string& path) {
    JsonFields fields(value, path, file, errors);
    return {fields.text("person"), fields.maybe_texts("keys"), fields.maybe_texts("roles")};
  }

  ListedPeople people(const json::value& value, const std::string& path) {
    JsonFields fields(value, path, file, errors);
    ListedPeople out{fields.text("audience"), {alert::Language(fields.text("language")), {}, 0}};
    for (auto& zone : fields.maybe_texts("zones")) out.standing.zones.emplace_back(std::move(zone));
    out.standing.people = fields.whole("people", 1, most_people);
    return out;
  }

  BoundEndpoint endpoint(const json::value& value, const std::string& path) {
    JsonFields fields(value, path, file, errors);
    return {EndpointName(fields.text("name")), fields.text("digest")};
  }

  BasisPart basis(const json::value& value, const std::string& path) {
    JsonFields fields(value, path, file, errors);
    return {fields.text("what"), fields.text("digest")};
  }

  ArrivalRange arrival(const json::value& value, const std::string& path) {
    JsonFields fields(value, path, file, errors);
    const std::chrono::seconds earliest(fields.whole("earliest", 0, most_seconds));
    return {earliest, std::chrono::seconds(fields.whole("latest", 0, most_seconds))};
  }

  Form form(const json::value& value) {
    JsonFields fields(value, "", file, errors);
    Form out;
    out.format = static_cast<int>(fields.whole("prepared", 1, Form::current_format));
    if (const auto* child = fields.child("plan"))
      out.plan = plan_from_json(*child, "plan", Nesting::may_hold_false_alarm, file, errors);
    const auto read_naming = [&](const json::value& v, const std::string& at) { return naming(v, at); };
    out.order = list(fields, "order", read_naming);
    out.false_alarm = list(fields, "false_alarm", read_naming);
    out.lists = list(fields, "lists", [&](const json::value& v, const std::string& at) { return zone_list(v, at); });
    out.accounts =
        list(fields, "accounts", [&](const json::value& v, const std::string& at) { return service(v, at); });
    out.untold = list(fields, "untold", [&](const json::value& v, const std::string& at) { return untold(v, at); });
    const auto last = base::parse_utc(fields.text("last"));
    if (!last) fields.complain("last", last.error().text);
    out.last = last.value_or(base::WallTime{});
    out.lasts = std::chrono::seconds(fields.whole("lasts", 1, most_seconds));
    if (const auto* child = fields.maybe_child("arrival")) out.arrival = arrival(*child, "arrival");
    out.tolerance_percent = static_cast<int>(fields.whole("tolerance_percent", 1, most_tolerance_percent));
    out.people = list(fields, "people", [&](const json::value& v, const std::string& at) { return people(v, at); });
    out.may_fire = list(fields, "may_fire", [&](const json::value& v, const std::string& at) { return firer(v, at); });
    out.basis = list(fields, "basis", [&](const json::value& v, const std::string& at) { return basis(v, at); });
    out.endpoints =
        list(fields, "endpoints", [&](const json::value& v, const std::string& at) { return endpoint(v, at); });
    whole(out);
    return out;
  }

  /// A language without its list of zones would name none.
  static bool speaks(const Form& form, const alert::Language& language) {
    return language.value.empty() || std::ranges::find(form.lists, language, &ZoneList::language) != form.lists.end();
  }

  static bool all_speak(const Form& form) {
    for (const auto* namings : {&form.order, &form.false_alarm})
      for (const auto& naming : *namings)
        if (!std::ranges::all_of(naming.infos, [&](const InfoTexts& info) { return speaks(form, info.language); }) ||
            !std::ranges::all_of(naming.messages, [&](const Message& said) { return speaks(form, said.language); }))
          return false;
    return true;
  }

  /// What firing takes for granted: a number of zones for every choice of them, each list with all zones.
  void whole(const Form& form) {
    const auto wrong = [&](const char* path) { alert::wrong_at(errors, file, path, {"plan.form_incomplete", {}}); };
    if (!form.plan.false_alarm) wrong("plan");
    for (const auto* namings : {&form.order, &form.false_alarm}) {
      if (namings->size() != form.plan.zones.size() || namings->empty()) wrong("order");
      for (std::size_t i = 0; i < namings->size(); ++i)
        if ((*namings)[i].zones != static_cast<int>(i) + 1) wrong("order");
    }
    // Each part once, none left out: what is not named cannot void it.
    if (!std::ranges::equal(form.basis, basis_parts, {}, &BasisPart::what)) wrong("basis");
    if (!all_speak(form)) wrong("lists");
    for (const auto& names : form.lists)
      if (!std::ranges::equal(names.zones, form.plan.zones, {}, &ListedZone::zone, &PlannedZone::id)) wrong("lists");
  }
};

std::optional<base::Text> other_format(std::int64_t format) {
  if (format < Form::current_format) return base::Text{"plan.form_older", {}};
  if (format > Form::current_format)
    return base::Text{"plan.json_newer_format", {{"format", format}, {"known", std::int64_t{Form::current_format}}}};
  return std::nullopt;
}

std::unexpected<base::Error> fail(base::ErrorKind kind, base::Text text, const std::string& file) {
  return std::unexpected(
      base::Error{.kind = kind, .text = std::move(text), .place = base::Place{file, 0, 0}, .key = {}});
}

}  // namespace

std::string canonical(const Form& form) { return base::canonical_json(to_json(form)); }

base::Result<Form> parse_form(const std::string& canonical_text, const std::string& file) {
  const auto value = base::parse_json(canonical_text, file);
  if (!value) return std::unexpected(value.error());
  if (const auto* object = value->if_object())
    if (const auto* format = object->if_contains("prepared"); format && format->is_int64())
      if (auto other = other_format(format->get_int64()))
        return fail(base::ErrorKind::refused, std::move(*other), file);
  base::Errors errors;
  auto form = Reader{file, errors}.form(*value);
  if (!errors.empty()) return std::unexpected(std::move(errors.front()));
  if (canonical(form) != canonical_text) return fail(base::ErrorKind::bad_input, {"plan.json_not_canonical", {}}, file);
  return form;
}

}  // namespace broadcaster::plan
