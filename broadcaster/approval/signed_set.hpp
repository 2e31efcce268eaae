// The signed set: the files that say who may say what to whom, under the signatures of those who may approve (R50).
//
// In the set, whole and byte for byte: people.yaml (whose keys count), policy.yaml (which danger may use which way, and
// who may release alone), endpoints.yaml (where it goes), zones.geojson (what a zone is), sirens.yaml (which siren
// speaks to which zone), agency.yaml (in whose name), shelters.geojson (what refuses a plan). policy.yaml and
// shelters.geojson may be missing; one that comes or goes is a change.
// Not in it, each for its reason: duty.yaml (who is woken: numbers change every week, and it lets nobody sign);
// templates/ (a plan carries its texts, and people sign those); audiences/ (a plan binds each list by its digest);
// feeds.yaml and signers/ (they make drafts, which people approve); service.yaml, pki/ (how this machine runs).
//
// A new set counts when as many approvers have signed it as the largest quorum of people.yaml of the set before asks
// for (an Actual alert, its all-clear, a prepared one), all of them by that file: who changes the rules is judged by
// the old ones, and fewer never lower what more must agree to. Of the first set those in it sign; that is trust on
// first use, and the record says so. Sets are numbered and each names the one before, so that an old one cannot come
// back: who has accepted one (set_standing.hpp) follows from there or not at all.
//
// signed.json, beside the files:
//   {"format":1,
//    "sets":[{"number","date","previous","files":{name: SHA-256},"people": text of people.yaml,"signatures":[…]}],
//    "texts":{name: text}}                 all sets from the first to the last; the files of the last one
// to-sign.json is the same while its last set still lacks signatures. Thread rule: plain values, pure functions.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "broadcaster/approval/people.hpp"
#include "broadcaster/approval/verdict.hpp"

namespace broadcaster::approval {

constexpr std::string_view signed_set_file = "signed.json", set_to_sign_file = "to-sign.json";
constexpr std::string_view people_file = "people.yaml", policy_file = "policy.yaml";
constexpr std::array<std::string_view, 7> set_files{"agency.yaml",      "endpoints.yaml", people_file,    policy_file,
                                                    "shelters.geojson", "sirens.yaml",    "zones.geojson"};

/// Text of each file of the set by its name; a file that is not there is not in it.
using SetTexts = std::map<std::string, std::string, std::less<>>;
/// SHA-256 of each, in hex.
using SetDigests = std::map<std::string, std::string, std::less<>>;
SetDigests digests_of(const SetTexts& texts);

struct PolicySet {
  std::int64_t number = 0;  ///< from 1
  base::WallTime date;      ///< when the first of its signers signed
  std::string previous;     ///< hex digest of the set before; empty: it is the first
  SetDigests files;
  std::string people;  ///< people.yaml of this set: they sign the next one
  std::vector<Signature> signatures;
};

/// What is signed: SHA-256 of the canonical JSON of number, date, previous and files.
base::Digest digest(const PolicySet& set);

/// A set with all that led to it.
struct SignedSet {
  std::vector<PolicySet> sets;  ///< never empty, numbered without a gap
  SetTexts texts;               ///< of the last

  const PolicySet& last() const { return sets.back(); }
  std::string digest() const { return base::hex(approval::digest(last())); }
};

/// What `texts` would be after `before`; nobody has signed it yet. nullptr: the first.
SignedSet next_set(const SignedSet* before, SetTexts texts, base::WallTime now);

/// Errors: bad_input with the path of the value; refused for a newer format, or where digests, numbers and texts do not
/// agree. That signatures count is not looked at here.
base::Result<SignedSet> parse_signed_set(const std::string& text, const std::string& file);
std::string signed_set_json(const SignedSet& set);

/// Who has signed it.
struct SetSigners {
  std::vector<Verdict> signatures;
  int have = 0;
  int needed = 0;
  bool complete() const { return have >= needed; }
};

/// By the people of the set before; of the first set by its own. `now`: a key that has expired or was revoked by then
/// does not count. Errors: people.yaml of the set before cannot be read.
base::Result<SetSigners> weigh_set(const SignedSet& set, std::size_t index, base::WallTime now);
/// Only what counts, of each person once. What may count later (a clock that runs ahead) stays.
std::vector<Signature> counting(const SetSigners& signers);

/// One file that is not what was signed.
struct FileChange {
  enum class How { changed, added, removed } how = How::changed;
  std::string file;
  bool operator==(const FileChange&) const = default;
};
std::vector<FileChange> changes(const SetDigests& from, const SetDigests& to);

}  // namespace broadcaster::approval
