#include "broadcaster/approval/set_standing.hpp"

#include <algorithm>

namespace broadcaster::approval {
namespace {

using base::Text;

/// When a set was complete, by its own signatures; never later than now.
base::WallTime signed_at(const PolicySet& set, base::WallTime now) {
  auto last = set.date;
  for (const auto& signature : set.signatures) last = std::max(last, signature.at);
  return std::min(last, now);
}

/// The accepted set is one of those that lead to `to`.
std::optional<Text> leaves_the_line(const SignedSet& to, const SignedSet& accepted) {
  const auto number = accepted.last().number;
  if (to.last().number < number)
    return Text{"approval.set_older", {{"number", to.last().number}, {"in_force", number}}};
  if (base::hex(digest(to.sets.at(static_cast<std::size_t>(number - 1)))) != accepted.digest())
    return Text{"approval.set_other_line", {{"number", to.last().number}, {"in_force", number}}};
  return std::nullopt;
}

/// When the link was judged: what was followed before, by its own time, as on a first use.
base::WallTime judged_at(const SignedSet& set, std::size_t index, const SignedSet* accepted, base::WallTime now) {
  return accepted && index >= accepted->sets.size() ? now : signed_at(set.sets[index], now);
}

/// Whoever remembers it can name its signers: the links that were accepted before stay as they are remembered, and the
/// new ones keep the signatures that counted.
SignedSet as_remembered(SignedSet read, const SignedSet* accepted, base::WallTime now) {
  for (std::size_t i = 0; i < read.sets.size(); ++i)
    if (accepted && i < accepted->sets.size())
      read.sets[i] = accepted->sets[i];
    else if (const auto signers = weigh_set(read, i, judged_at(read, i, accepted, now)))
      read.sets[i].signatures = counting(*signers);
  return read;
}

Text quorum_missing(const PolicySet& set, const SetSigners& signers) {
  return {"approval.set_quorum_missing",
          {{"number", set.number}, {"have", std::int64_t{signers.have}}, {"needed", std::int64_t{signers.needed}}}};
}

/// Links of signed.json that were accepted before and that it no longer carries as they were: nothing hangs on them
/// here, but a new machine would have to trust them.
std::vector<Text> spoilt_links(const SignedSet& read, const SignedSet& accepted, base::WallTime now) {
  std::vector<Text> out;
  for (std::size_t i = 0; i < std::min(read.sets.size(), accepted.sets.size()); ++i)
    if (const auto signers = weigh_set(read, i, signed_at(read.sets[i], now)); signers && !signers->complete())
      out.push_back(quorum_missing(read.sets[i], *signers));
  return out;
}

/// What signed.json says that is worth anything; its trouble goes to `out`.
std::shared_ptr<const SignedSet> next_of(const SetOnDisk& disk, const SignedSet* accepted, base::WallTime now,
                                         SetStanding& out) {
  if (!disk.signed_set) {
    if (accepted) out.trouble.push_back({"approval.set_lost", {}});
    return nullptr;
  }
  auto read = parse_signed_set(*disk.signed_set, std::string(signed_set_file));
  if (!read) {
    out.trouble.push_back(read.error().text);
    return nullptr;
  }
  out.trouble = why_not_followed(*read, accepted, now);
  if (!out.trouble.empty()) return nullptr;
  if (accepted) out.trouble = spoilt_links(*read, *accepted, now);
  if (accepted && read->digest() == accepted->digest()) return nullptr;
  return std::make_shared<const SignedSet>(as_remembered(std::move(*read), accepted, now));
}

}  // namespace

std::vector<Text> why_not_followed(const SignedSet& to, const SignedSet* accepted, base::WallTime now) {
  if (accepted)
    if (auto why = leaves_the_line(to, *accepted)) return {std::move(*why)};
  for (auto i = accepted ? accepted->sets.size() : 0; i < to.sets.size(); ++i) {
    const auto& set = to.sets[i];
    const auto signers = weigh_set(to, i, judged_at(to, i, accepted, now));
    if (!signers) return {signers.error().text};
    if (signers->complete()) continue;
    std::vector<Text> out{quorum_missing(set, *signers)};
    for (const auto& verdict : signers->signatures)
      if (verdict.doubt) out.push_back(verdict.reason);
    return out;
  }
  return {};
}

SetStanding judge_set(const SetOnDisk& disk, std::shared_ptr<const SignedSet> accepted, base::WallTime now) {
  SetStanding out;
  if (auto next = next_of(disk, accepted.get(), now, out)) {
    out.news = accepted ? SetStanding::News::followed : SetStanding::News::first_use;
    accepted = std::move(next);
  }
  out.accepted = std::move(accepted);
  if (!out.accepted) return out;
  out.changed = changes(out.accepted->last().files, digests_of(disk.texts));
  out.state = out.changed.empty() ? SetStanding::State::in_force : SetStanding::State::changed;
  return out;
}

std::vector<Text> set_refusals(const SetStanding& standing) {
  std::vector<Text> out;
  switch (standing.state) {
    case SetStanding::State::in_force:
      return out;
    case SetStanding::State::changed:
      out.push_back({"approval.set_changed",
                     {{"files", names_of(standing.changed)}, {"number", standing.accepted->last().number}}});
      break;
    case SetStanding::State::never_signed:
      out.push_back({"approval.set_never_signed", {}});
      break;
  }
  out.insert(out.end(), standing.trouble.begin(), standing.trouble.end());
  return out;
}

bool was_signed(const SignedSet& set, std::string_view file, const SetDigests& read) {
  const auto mine = read.find(file);
  return std::ranges::any_of(set.sets, [&](const PolicySet& one) {
    const auto theirs = one.files.find(file);
    if (mine == read.end() || theirs == one.files.end()) return mine == read.end() && theirs == one.files.end();
    return mine->second == theirs->second;
  });
}

std::string names_of(const std::vector<FileChange>& changes) {
  std::string out;
  for (const auto& change : changes) out += (out.empty() ? "" : ", ") + change.file;
  return out;
}

}  // namespace broadcaster::approval
