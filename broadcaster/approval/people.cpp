#include "broadcaster/approval/people.hpp"

#include <sodium.h>

#include <algorithm>
#include <cstring>

#include "broadcaster/alert/all_clear.hpp"
#include "broadcaster/approval/role_text.hpp"
#include "broadcaster/base/files.hpp"
#include "broadcaster/base/yaml.hpp"

namespace broadcaster::approval {

bool Person::has(Role role) const { return std::ranges::find(roles, role) != roles.end(); }

bool Person::can_sign(base::WallTime now) const {
  return std::ranges::any_of(keys,
                             [now](const PersonKey& key) { return !key.is_revoked(now) && !key.has_expired(now); });
}

const Person* People::find(std::string_view id) const {
  const auto it = std::ranges::find(persons, id, &Person::id);
  return it == persons.end() ? nullptr : &*it;
}

int People::approvals_needed(const alert::Alert& alert) const {
  if (alert.status == alert::Status::actual && alert::is_all_clear(alert)) return std::max(1, all_clear_quorum);
  const auto found = quorum.find(alert.status);
  return found == quorum.end() ? 1 : std::max(1, found->second);
}

int People::approvals_needed_prepared(const alert::Alert& alert) const {
  const auto usual = approvals_needed(alert);
  return alert.status == alert::Status::actual ? std::max(usual, prepared_quorum) : usual;
}

int People::signatures_needed_of_set() const {
  const auto actual = quorum.find(alert::Status::actual);
  return std::max({1, actual == quorum.end() ? 1 : actual->second, all_clear_quorum, prepared_quorum});
}

const Person* People::owner(std::string_view key) const {
  for (const auto& person : persons)
    if (std::ranges::find(person.keys, key, &PersonKey::id) != person.keys.end()) return &person;
  return nullptr;
}

namespace {

using base::Fields;
using base::Node;

constexpr alert::Status with_quorum[] = {alert::Status::actual, alert::Status::exercise, alert::Status::test,
                                         alert::Status::system};
constexpr std::string_view all_clear_key = "all_clear";
constexpr std::string_view prepared_key = "prepared";
constexpr Role roles[] = {Role::author, Role::approver, Role::canceller, Role::duty_officer};
/// Without one of these nothing can be released, or taken back. A duty officer an agency may do without.
constexpr Role needed_roles[] = {Role::author, Role::approver, Role::canceller};

/// Whoever writes the plan cannot approve it; the best author is one who is no approver.
template <class Can>
std::int64_t able_to_approve(const std::vector<Person>& persons, Can can) {
  const auto approvers =
      std::ranges::count_if(persons, [&](const Person& p) { return p.has(Role::approver) && can(p); });
  const bool all_authors_approve = std::ranges::all_of(
      persons, [&](const Person& p) { return !p.has(Role::author) || !can(p) || p.has(Role::approver); });
  return std::max<std::int64_t>(0, approvers - (all_authors_approve ? 1 : 0));
}

class Reader {
 public:
  explicit Reader(base::Errors& errors) : errors_(errors) {}

  People read(const Node& root) {
    People out;
    Fields fields(root, "", errors_);
    if (const Node* list = fields.child("people")) people(*list, out);
    if (const Node* map = fields.child("quorum")) {
      quorum(*map, out);
      if (errors_.empty()) reachable(root, *map, out);
    }
    if (const auto within = fields.maybe_duration("release_within")) {
      out.release_within = *within;
      if (*within < shortest_release_within || *within > longest_release_within)
        fields.complain("release_within", {"approval.release_within_bounds",
                                           {{"least", std::int64_t{shortest_release_within.count()}},
                                            {"most", std::int64_t{longest_release_within.count()}}}});
    }
    return out;
  }

 private:
  void wrong(const base::Place& place, std::string key, base::Text text) {
    errors_.push_back(
        {.kind = base::ErrorKind::bad_input, .text = std::move(text), .place = place, .key = std::move(key)});
  }

  /// The items of a list, which may be empty.
  const std::vector<Node>& items(const Node& node, const std::string& path) {
    static const std::vector<Node> none;
    if (node.kind == Node::Kind::list) return node.items;
    wrong(node.place, path, {"approval.expected_list", {}});
    return none;
  }

  void people(const Node& list, People& out) {
    std::size_t i = 0;
    for (const Node& node : items(list, "people")) {
      const std::string path = "people[" + std::to_string(i++) + "]";
      Fields fields(node, path, errors_);
      Person person;
      person.id = fields.text("id");
      if (!person.id.empty() && !is_person_id(person.id))
        fields.complain("id", {"approval.person_id", {{"found", person.id}}});
      if (!person.id.empty() && out.find(person.id))
        fields.complain("id", {"approval.person_twice", {{"person", person.id}}});
      person.name = fields.text("name");
      for (const auto& text : fields.texts("roles")) role(fields, text, person);
      // In the list before its keys are read: a key that this person has twice is found as well.
      out.persons.push_back(std::move(person));
      if (const Node* keys = fields.child("keys")) this->keys(*keys, fields.path_of("keys"), out);
    }
  }

  void role(Fields& fields, const std::string& text, Person& person) {
    for (const Role known : roles) {
      if (text != name(known)) continue;
      if (person.has(known)) return fields.complain("roles", {"approval.role_twice", {{"role", text}}});
      person.roles.push_back(known);
      return;
    }
    fields.complain("roles", {"approval.role_unknown", {{"found", text}}});
  }

  void keys(const Node& list, const std::string& path, People& out) {
    std::size_t i = 0;
    for (const Node& node : items(list, path)) {
      Fields fields(node, path + "[" + std::to_string(i++) + "]", errors_);
      PersonKey key;
      if (public_key(fields, key)) {
        if (const Person* owner = out.owner(key.id))
          fields.complain("public", {"approval.key_twice", {{"person", owner->id}}});
      }
      key.expires = moment(fields, "expires");
      // As files wrote it before; the journal keeps such files with its releases.
      if (auto older = moment(fields, "not_after")) {
        if (key.expires) fields.complain("not_after", {"approval.key_expires_twice", {}});
        key.expires = std::move(older);
      }
      key.revoked = revoked(fields);
      out.persons.back().keys.push_back(std::move(key));
    }
  }

  std::optional<KeyMoment> moment(Fields& fields, std::string_view key) {
    const auto text = fields.maybe_text(key);
    if (!text) return std::nullopt;
    const auto time = base::parse_cap_time(*text);
    if (time) return KeyMoment{*time, *text};
    fields.complain(key, time.error().text);
    return std::nullopt;
  }

  std::optional<KeyMoment> revoked(Fields& fields) {
    const auto* node = fields.maybe_child("revoked");
    if (!node) return std::nullopt;
    if (node->kind == Node::Kind::scalar && !node->quoted) {
      if (node->scalar == "true") return KeyMoment{base::WallTime::min(), {}};
      if (node->scalar == "false") return std::nullopt;
    }
    if (const auto time = base::parse_cap_time(node->scalar)) return KeyMoment{*time, node->scalar};
    // A key that somebody wanted to revoke must not go on counting because of a slip: the file is refused.
    fields.complain("revoked", {"approval.key_revoked", {{"found", node->scalar}}});
    return std::nullopt;
  }

  bool public_key(Fields& fields, PersonKey& out) {
    const auto text = fields.text("public");
    if (text.empty()) return false;
    const auto bytes = base::from_base64(text);
    if (!bytes || bytes->size() != out.key.size() || crypto_core_ed25519_is_valid_point(bytes->data()) != 1) {
      fields.complain("public", {"approval.public_key", {}});
      return false;
    }
    std::memcpy(out.key.data(), bytes->data(), bytes->size());
    out.id = key_id(out.key);
    return true;
  }

  void quorum(const Node& map, People& out) {
    Fields fields(map, "quorum", errors_);
    for (const auto status : with_quorum)
      out.quorum[status] = static_cast<int>(fields.whole(alert::name(status), 1, 20));
    out.all_clear_quorum = static_cast<int>(
        fields.maybe_whole(all_clear_key, 1, 20).value_or(std::int64_t{out.quorum[alert::Status::actual]}));
    const int actual = out.quorum[alert::Status::actual];
    out.prepared_quorum = static_cast<int>(fields.maybe_whole(prepared_key, 1, 20).value_or(std::int64_t{actual}));
    if (out.prepared_quorum < actual)
      fields.complain(prepared_key, {"approval.prepared_quorum", {{"needed", std::int64_t{actual}}}});
  }

  /// A rule that nobody can fulfil is found by day, not at night.
  void reachable(const Node& root, const Node& map, const People& people) {
    for (const Role role : needed_roles)
      if (std::ranges::none_of(people.persons, [role](const Person& p) { return p.has(role); }))
        wrong(root.place, "people", {"approval.role_nobody", {{"role", base::Key{role_text(role)}}}});
    const auto able = able_to_approve(people.persons, [](const Person&) { return true; });
    const auto check = [&](std::string_view key, int needed) {
      const auto* node = map.find(key);
      if (node && needed > able)
        wrong(node->place, "quorum." + std::string(key),
              {"approval.quorum_unreachable", {{"needed", std::int64_t{needed}}, {"able", able}}});
    };
    for (const auto& [status, needed] : people.quorum) check(alert::name(status), needed);
    check(all_clear_key, people.all_clear_quorum);
    check(prepared_key, people.prepared_quorum);
  }

  base::Errors& errors_;
};

}  // namespace

std::vector<base::Text> key_warnings(const People& people, base::WallTime now) {
  std::vector<base::Text> out;
  for (const auto& person : people.persons)
    for (const auto& key : person.keys) {
      if (key.revoked && !key.is_revoked(now))
        out.push_back(
            {"approval.key_still_counts", {{"person", person.name}, {"key", key.id}, {"date", key.revoked->text}}});
      if (!key.expires || key.is_revoked(now)) continue;
      if (key.has_expired(now)) {
        out.push_back(
            {"approval.key_expired", {{"person", person.name}, {"key", key.id}, {"date", key.expires->text}}});
      } else if (const auto left = key.expires->at - now; left <= key_warning) {
        out.push_back({"approval.key_expires_soon",
                       {{"person", person.name},
                        {"key", key.id},
                        {"date", key.expires->text},
                        {"days", std::int64_t{std::chrono::floor<std::chrono::days>(left).count()}}}});
      }
    }
  return out;
}

std::vector<base::Text> quorum_warnings(const People& people, base::WallTime now) {
  std::vector<base::Text> out;
  if (std::ranges::all_of(people.persons, [](const Person& person) { return person.keys.empty(); })) return out;
  const auto able = able_to_approve(people.persons, [now](const Person& person) { return person.can_sign(now); });
  const auto check = [&](std::string what, int needed) {
    if (needed > able)
      out.push_back(
          {"approval.too_few_able", {{"what", std::move(what)}, {"needed", std::int64_t{needed}}, {"able", able}}});
  };
  for (const auto& [status, needed] : people.quorum) check(std::string(alert::name(status)), needed);
  check(std::string(all_clear_key), people.all_clear_quorum);
  check(std::string(prepared_key), people.prepared_quorum);
  return out;
}

base::Checked<People> parse_people(const std::string& text, const std::string& file) {
  const auto root = base::parse_yaml(text, file);
  if (!root) return std::unexpected(root.error());
  base::Errors errors;
  People out = Reader(errors).read(*root);
  if (!errors.empty()) return std::unexpected(std::move(errors));
  out.text = text;
  return out;
}

base::Checked<People> read_people(const std::filesystem::path& path) {
  const auto text = base::read_file(path, 1 << 20);
  if (!text) return std::unexpected(base::Errors{text.error()});
  return parse_people(*text, path.string());
}

}  // namespace broadcaster::approval
