#include "broadcaster/approval/set_changes.hpp"

#include <algorithm>
#include <set>

#include "broadcaster/approval/set_values.hpp"

namespace broadcaster::approval {
namespace {

using base::Text;
using Texts = std::vector<Text>;

std::string roles_of(const Person& person) {
  std::string out;
  for (const auto role : person.roles) out += (out.empty() ? "" : ", ") + std::string(name(role));
  return out;
}

std::string moment(const std::optional<KeyMoment>& at) {
  if (!at) return "–";
  return at->text.empty() ? "true" : at->text;
}

const PersonKey* find_key(const Person& person, const std::string& id) {
  const auto found = std::ranges::find(person.keys, id, &PersonKey::id);
  return found == person.keys.end() ? nullptr : &*found;
}

void compare_keys(const Person& from, const Person& to, Texts& out) {
  for (const auto& key : from.keys)
    if (!find_key(to, key.id)) out.push_back({"approval.change_key_removed", {{"person", to.id}, {"key", key.id}}});
  for (const auto& key : to.keys) {
    const auto* before = find_key(from, key.id);
    if (!before) {
      out.push_back({"approval.change_key_added", {{"person", to.id}, {"key", key.id}}});
      continue;
    }
    for (const auto& [what, was, is] : {std::tuple{"expires", moment(before->expires), moment(key.expires)},
                                        std::tuple{"revoked", moment(before->revoked), moment(key.revoked)}})
      if (was != is)
        out.push_back({"approval.change_key_moment",
                       {{"person", to.id}, {"key", key.id}, {"what", what}, {"from", was}, {"to", is}}});
  }
}

void compare_persons(const People& from, const People& to, Texts& out) {
  for (const auto& person : from.persons)
    if (!to.find(person.id))
      out.push_back({"approval.change_person_removed", {{"person", person.id}, {"roles", roles_of(person)}}});
  for (const auto& person : to.persons) {
    const auto* before = from.find(person.id);
    if (!before) {
      out.push_back({"approval.change_person_added",
                     {{"person", person.id},
                      {"name", person.name},
                      {"roles", roles_of(person)},
                      {"keys", static_cast<std::int64_t>(person.keys.size())}}});
      continue;
    }
    if (before->name != person.name)
      out.push_back(
          {"approval.change_person_name", {{"person", person.id}, {"from", before->name}, {"to", person.name}}});
    if (roles_of(*before) != roles_of(person))
      out.push_back({"approval.change_person_roles",
                     {{"person", person.id}, {"from", roles_of(*before)}, {"to", roles_of(person)}}});
    compare_keys(*before, person, out);
  }
}

void compare_quorum(const std::string& what, int from, int to, Texts& out) {
  if (from == to) return;
  out.push_back({to < from ? "approval.change_quorum_lowered" : "approval.change_quorum_raised",
                 {{"what", what}, {"from", std::int64_t{from}}, {"to", std::int64_t{to}}}});
}

Texts compare_people(const People& from, const People& to) {
  Texts out;
  compare_persons(from, to, out);
  for (const auto& [status, needed] : to.quorum)
    if (const auto before = from.quorum.find(status); before != from.quorum.end())
      compare_quorum(std::string(alert::name(status)), before->second, needed, out);
  compare_quorum("all_clear", from.all_clear_quorum, to.all_clear_quorum, out);
  compare_quorum("prepared", from.prepared_quorum, to.prepared_quorum, out);
  if (from.release_within != to.release_within)
    out.push_back(
        {"approval.change_release_within",
         {{"from", std::int64_t{from.release_within.count()}}, {"to", std::int64_t{to.release_within.count()}}}});
  return out;
}

/// Values of an item that is new or gone are said with it.
bool inside(const std::string& place, const std::set<std::string>& items) {
  return std::ranges::any_of(items, [&](const std::string& item) {
    return place.starts_with(item) && place.size() > item.size() && place[item.size()] == '.';
  });
}

void compare_items(const std::string& file, const SetValues& from, const SetValues& to, std::set<std::string>& said,
                   Texts& out) {
  for (const auto& [item, line] : from.items)
    if (!to.items.contains(item) && !inside(item, said)) {
      said.insert(item);
      out.push_back({"approval.change_item_removed", {{"file", file}, {"item", item}, {"values", line}}});
    }
  for (const auto& [item, line] : to.items)
    if (!from.items.contains(item) && !inside(item, said)) {
      said.insert(item);
      out.push_back({"approval.change_item_added", {{"file", file}, {"item", item}, {"values", line}}});
    }
}

Text value_text(const std::string& file, const std::string& place, const SetValue* from, const SetValue* to) {
  if (place.ends_with(".coordinates") && !place.ends_with("\\.coordinates"))
    return {"approval.change_area", {{"file", file}, {"place", place}}};
  // What reads alike and is not the same is shown to the last quote.
  const bool alike = from && to && from->shown == to->shown;
  const auto say = [alike](const SetValue* value) { return !value ? "–" : alike ? value->exact : value->shown; };
  return {"approval.change_value", {{"file", file}, {"place", place}, {"from", say(from)}, {"to", say(to)}}};
}

/// Of those that both have: what comes or goes is said with the item.
void compare_order(const std::string& file, const SetValues& from, const SetValues& to, Texts& out) {
  const auto common = [](const std::vector<std::string>& list, const SetValues& other) {
    std::vector<std::string> kept;
    std::ranges::copy_if(list, std::back_inserter(kept), [&](const auto& item) { return other.items.contains(item); });
    return kept;
  };
  for (const auto& [place, list] : from.order)
    if (const auto after = to.order.find(place);
        after != to.order.end() && common(list, to) != common(after->second, from))
      out.push_back({"approval.change_order", {{"file", file}, {"place", place}}});
}

Texts compare_values(const std::string& file, const SetValues& from, const SetValues& to) {
  Texts out;
  std::set<std::string> said;
  compare_items(file, from, to, said, out);
  for (const auto& [place, value] : from.values) {
    const auto after = to.values.find(place);
    if (inside(place, said) || (after != to.values.end() && after->second == value)) continue;
    out.push_back(value_text(file, place, &value, after == to.values.end() ? nullptr : &after->second));
  }
  for (const auto& [place, value] : to.values)
    if (!from.values.contains(place) && !inside(place, said)) out.push_back(value_text(file, place, nullptr, &value));
  compare_order(file, from, to, out);
  return out;
}

Texts compare(const std::string& file, const std::string& from, const std::string& to) {
  if (file == people_file) {
    const auto before = parse_people(from, file), after = parse_people(to, file);
    if (before && after)
      if (auto words = compare_people(*before, *after); !words.empty()) return words;
  }
  const auto before = set_values(file, from), after = set_values(file, to);
  if (!before || !after) return {{"approval.change_unreadable", {{"file", file}}}};
  return compare_values(file, *before, *after);
}

}  // namespace

Texts people_in_words(const std::string& people_yaml) {
  const auto people = parse_people(people_yaml, std::string(people_file));
  Texts out;
  if (!people) return out;
  compare_persons(People(), *people, out);
  for (const auto& [status, needed] : people->quorum)
    out.push_back({"approval.change_quorum_first",
                   {{"what", std::string(alert::name(status))}, {"needed", std::int64_t{needed}}}});
  return out;
}

std::vector<Text> changes_in_words(const SetTexts& from, const SetTexts& to) {
  Texts out;
  for (const auto& change : changes(digests_of(from), digests_of(to))) {
    switch (change.how) {
      case FileChange::How::added:
        out.push_back({"approval.change_file_added", {{"file", change.file}}});
        break;
      case FileChange::How::removed:
        out.push_back({"approval.change_file_removed", {{"file", change.file}}});
        break;
      case FileChange::How::changed: {
        auto words = compare(change.file, from.at(change.file), to.at(change.file));
        if (words.empty()) words.push_back({"approval.change_form_only", {{"file", change.file}}});
        std::ranges::move(words, std::back_inserter(out));
        break;
      }
    }
  }
  return out;
}

}  // namespace broadcaster::approval
