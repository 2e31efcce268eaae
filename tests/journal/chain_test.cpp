// Every single change of a record is found where it was made. All of them are tried, on a record of a few entries.
#include "broadcaster/journal/chain.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "broadcaster/journal/record.hpp"

namespace broadcaster::journal {
namespace {

namespace json = boost::json;
constexpr std::int64_t length = 12;

std::vector<RecordEntry> record() {
  std::vector<RecordEntry> out;
  base::Digest hash{};
  for (std::int64_t seq = 1; seq <= length; ++seq) {
    const auto at = base::WallTime(base::milliseconds(1'790'000'000'000 + seq));
    const auto entry =
        record_entry(json::object{{"changes", json::array{json::array{"sent", seq, 1, "kannel"}}}}, seq, at, "commit");
    hash = next_hash(hash, entry);
    out.push_back({.seq = seq,
                   .at_ms = at.time_since_epoch().count(),
                   .kind = "commit",
                   .entry = entry,
                   .hash = {hash.begin(), hash.end()}});
  }
  return out;
}

struct Found {
  std::int64_t entry = 0;  ///< 0: none
  std::string reason;
};

Found first_wrong(const std::vector<RecordEntry>& entries) {
  Chain chain;
  for (const auto& entry : entries)
    if (const auto reason = chain.add(entry)) return {chain.head().seq + 1, reason->id};
  return {};
}

void flip(std::string& bytes, std::size_t bit) {
  bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
}

TEST(Chain, IsWholeAsItWasWritten) {
  const auto whole = record();
  EXPECT_EQ(first_wrong(whole).entry, 0);
}

TEST(Chain, EveryBitOfEveryEntryAndHashCounts) {
  const auto whole = record();
  for (std::size_t i = 0; i < whole.size(); ++i) {
    auto changed = whole;
    for (std::size_t bit = 0; bit < whole[i].entry.size() * 8; ++bit) {
      flip(changed[i].entry, bit);
      ASSERT_EQ(first_wrong(changed).entry, whole[i].seq) << "bit " << bit;
      changed[i].entry = whole[i].entry;
    }
    for (std::size_t bit = 0; bit < whole[i].hash.size() * 8; ++bit) {
      flip(changed[i].hash, bit);
      ASSERT_EQ(first_wrong(changed).entry, whole[i].seq) << "bit " << bit << " of the hash";
      changed[i].hash = whole[i].hash;
    }
  }
}

TEST(Chain, EveryBitOfTheColumnsBesideAnEntryCounts) {
  const auto whole = record();
  for (std::size_t i = 0; i < whole.size(); ++i) {
    for (int bit = 0; bit < 63; ++bit) {
      auto changed = whole;
      changed[i].seq ^= std::int64_t{1} << bit;
      EXPECT_EQ(first_wrong(changed).entry, whole[i].seq) << "bit " << bit << " of the number";
    }
    for (int bit = 0; bit < 40; ++bit) {
      auto changed = whole;
      changed[i].at_ms ^= std::int64_t{1} << bit;
      EXPECT_EQ(first_wrong(changed).entry, whole[i].seq) << "bit " << bit << " of the time";
    }
    for (std::size_t bit = 0; bit < whole[i].kind.size() * 8; ++bit) {
      auto changed = whole;
      flip(changed[i].kind, bit);
      EXPECT_EQ(first_wrong(changed).entry, whole[i].seq) << "bit " << bit << " of the kind";
    }
  }
}

TEST(Chain, EveryEntryThatIsMissingLeavesAGap) {
  const auto whole = record();
  for (std::size_t i = 0; i + 1 < whole.size(); ++i) {
    auto changed = whole;
    changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(i));
    const auto found = first_wrong(changed);
    EXPECT_EQ(found.entry, whole[i].seq);
    EXPECT_EQ(found.reason, "journal.record_missing");
    // Whoever moves the others up to close the gap breaks the chain at the same place.
    for (std::size_t j = i; j < changed.size(); ++j) --changed[j].seq;
    EXPECT_EQ(first_wrong(changed).entry, whole[i].seq);
    EXPECT_EQ(first_wrong(changed).reason, "journal.record_changed");
  }
}

TEST(Chain, EveryTwoEntriesThatChangedPlacesAreFound) {
  const auto whole = record();
  for (std::size_t i = 0; i < whole.size(); ++i)
    for (std::size_t j = i + 1; j < whole.size(); ++j) {
      auto changed = whole;
      std::swap(changed[i], changed[j]);
      EXPECT_EQ(first_wrong(changed).entry, whole[i].seq) << i << " and " << j;
      std::swap(changed[i].seq, changed[j].seq);
      EXPECT_EQ(first_wrong(changed).entry, whole[i].seq) << i << " and " << j << ", renumbered";
    }
}

TEST(Chain, AnEntryThatWasPutInIsFoundEvenWithAHashOfItsOwn) {
  const auto whole = record();
  for (std::size_t i = 0; i < whole.size(); ++i) {
    auto changed = whole;
    auto more = whole[i];
    const auto before =
        i == 0 ? base::Digest{}
               : *base::digest_from_hex(base::hex(
                     {reinterpret_cast<const std::uint8_t*>(whole[i - 1].hash.data()), whole[i - 1].hash.size()}));
    more.entry = record_entry(json::object{{"changes", json::array{}}}, more.seq,
                              base::WallTime(base::milliseconds(more.at_ms)), more.kind);
    const auto hash = next_hash(before, more.entry);
    more.hash.assign(hash.begin(), hash.end());
    changed.insert(changed.begin() + static_cast<std::ptrdiff_t>(i), more);
    for (std::size_t j = i + 1; j < changed.size(); ++j) ++changed[j].seq;
    EXPECT_EQ(first_wrong(changed).entry, whole[i].seq + 1);
  }
}

/// What a chain cannot know. Heads that are kept elsewhere, and signed checkpoints, are for this.
TEST(Chain, OfItselfItDoesNotKnowThatItsEndIsMissing) {
  auto cut = record();
  while (!cut.empty()) {
    cut.pop_back();
    EXPECT_EQ(first_wrong(cut).entry, 0);
  }
}

}  // namespace
}  // namespace broadcaster::journal
