#include "broadcaster/approval/verdict.hpp"

#include <algorithm>

#include "broadcaster/approval/role_text.hpp"

namespace broadcaster::approval {
namespace {

/// Clocks of two machines may differ; a signature from further ahead would outlive the plan's release_within.
constexpr std::chrono::minutes clock_tolerance{5};

const PersonKey* find_key(const Person& person, std::string_view id) {
  const auto it = std::ranges::find(person.keys, id, &PersonKey::id);
  return it == person.keys.end() ? nullptr : &*it;
}

bool fits(const PersonKey& key, const Signature& signature, const Question& question) {
  switch (question.over) {
    case Over::plan:
      return verify(key.key, signature.role, question.mode, signature.at, question.digest, signature.signature);
    case Over::policy_set:
      return verify_set(key.key, signature.at, question.digest, signature.signature);
  }
  return false;
}

/// A signature that does not fit as it is labelled, but does under another role or mode.
bool fits_otherwise(const PersonKey& key, const Signature& signature, const base::Digest& digest) {
  for (const auto role : {Role::author, Role::approver, Role::canceller, Role::duty_officer})
    for (const auto mode : {alert::Mode::live, alert::Mode::drill})
      if (verify(key.key, role, mode, signature.at, digest, signature.signature)) return true;
  return false;
}

/// Who it is comes first, then whether it fits: what does not fit says nothing about the person.
std::optional<Doubt> doubt(const Signature& signature, const People& people, const Question& question) {
  const Person* person = people.find(signature.person);
  if (!person) return Doubt::unknown_person;
  const PersonKey* key = find_key(*person, signature.key_id);
  if (!key) return people.owner(signature.key_id) ? Doubt::key_of_another : Doubt::unknown_key;
  if (!fits(*key, signature, question))
    return fits_otherwise(*key, signature, question.digest) ? Doubt::given_otherwise : Doubt::unfit;
  if (signature.role != question.role) return Doubt::other_role;
  if (key->is_revoked(question.now)) return Doubt::revoked;
  if (key->has_expired(question.now)) return Doubt::expired;
  if (!person->has(question.role)) return Doubt::no_role;
  if (question.role == Role::approver && person->id == question.author) return Doubt::by_author;
  if (question.role == Role::author && person->id != question.author) return Doubt::not_the_author;
  if (signature.at > question.now + clock_tolerance) return Doubt::future;
  return std::nullopt;
}

base::Text reason(Doubt doubt, const Signature& signature, const People& people, const Question& question) {
  const Person* known = people.find(signature.person);
  const base::Argument person = known ? known->name : signature.person;
  const base::Argument given = base::Key{role_text(signature.role)};
  const base::Argument asked = base::Key{role_text(question.role)};
  switch (doubt) {
    case Doubt::other_role:
      return {"approval.doubt_other_role", {{"person", person}, {"given", given}}};
    case Doubt::unknown_person:
      return {"approval.doubt_unknown_person", {{"person", person}}};
    case Doubt::unknown_key:
      return {"approval.doubt_unknown_key", {{"person", person}, {"key", signature.key_id}}};
    case Doubt::key_of_another:
      return {"approval.doubt_key_of_another",
              {{"person", person}, {"owner", people.owner(signature.key_id)->name}, {"key", signature.key_id}}};
    case Doubt::unfit:
      return {question.over == Over::plan ? "approval.doubt_unfit" : "approval.doubt_unfit_set", {{"person", person}}};
    case Doubt::given_otherwise:
      return {"approval.doubt_given_otherwise", {{"person", person}, {"given", given}}};
    case Doubt::revoked:
      if (const auto& since = find_key(*known, signature.key_id)->revoked->text; !since.empty())
        return {"approval.doubt_revoked_since", {{"person", person}, {"key", signature.key_id}, {"date", since}}};
      return {"approval.doubt_revoked", {{"person", person}, {"key", signature.key_id}}};
    case Doubt::expired:
      return {
          "approval.doubt_expired",
          {{"person", person}, {"key", signature.key_id}, {"date", find_key(*known, signature.key_id)->expires->text}}};
    case Doubt::no_role:
      return {"approval.doubt_no_role", {{"person", person}, {"role", asked}}};
    case Doubt::by_author:
      return {"approval.doubt_by_author", {{"person", person}}};
    case Doubt::not_the_author:
      return {"approval.doubt_not_the_author", {{"person", person}, {"author", question.author}}};
    case Doubt::future: {
      const auto ahead = std::chrono::ceil<std::chrono::minutes>(signature.at - question.now).count();
      return {"approval.doubt_future", {{"person", person}, {"minutes", std::int64_t{ahead}}}};
    }
    case Doubt::replaced:
      return {"approval.doubt_replaced", {{"person", person}}};
  }
  return {};
}

}  // namespace

std::vector<Verdict> weigh(std::span<const Signature> signatures, const People& people, const Question& question) {
  std::vector<Verdict> out;
  for (const auto& signature : signatures) {
    Verdict next{signature, doubt(signature, people, question), {}};
    if (!next.doubt) {
      const auto same = std::ranges::find_if(
          out, [&](const Verdict& v) { return !v.doubt && v.signature.person == signature.person; });
      if (same != out.end()) (same->signature.at <= signature.at ? *same : next).doubt = Doubt::replaced;
    }
    out.push_back(std::move(next));
  }
  for (auto& verdict : out)
    if (verdict.doubt) verdict.reason = reason(*verdict.doubt, verdict.signature, people, question);
  return out;
}

int counted(std::span<const Verdict> verdicts) {
  return static_cast<int>(std::ranges::count_if(verdicts, [](const Verdict& v) { return !v.doubt; }));
}

}  // namespace broadcaster::approval
