// Checkpoints: what they add to a chain, against whom they help, and what they cannot know.
#include "broadcaster/journal/checkpoint.hpp"

#include <sys/stat.h>

#include <boost/json.hpp>

#include "broadcaster/base/files.hpp"
#include "broadcaster/journal/chain.hpp"
#include "broadcaster/journal/record.hpp"
#include "broadcaster/journal/record_key.hpp"
#include "broadcaster/journal/verify.hpp"
#include "tests/journal/sample.hpp"

namespace broadcaster::journal {
namespace {

using namespace sample;  // NOLINT
namespace json = boost::json;

const base::SigningKey key{*base::digest_from_hex(std::string(64, '1'))};
const base::SigningKey stranger{*base::digest_from_hex(std::string(64, '2'))};

/// A record as somebody writes it who has everything but perhaps the key.
class Writer {
 public:
  void entry(std::string_view kind = "commit") { write(json::object{{"changes", json::array{}}}, kind); }
  void entries(std::int64_t count) {
    for (std::int64_t i = 0; i < count; ++i) entry();
  }
  void checkpoint(const base::SigningKey& by = key) { write(checkpoint_body(by, head_, time()), "checkpoint"); }
  void cut(std::int64_t keep) {
    entries_.resize(static_cast<std::size_t>(keep));
    head_.seq = keep;
    std::copy(entries_.back().hash.begin(), entries_.back().hash.end(), head_.hash.begin());
  }
  const RecordHead& head() const { return head_; }
  std::vector<RecordEntry>& all() { return entries_; }

 private:
  base::WallTime time() const { return base::WallTime(base::milliseconds(1'790'000'000'000 + head_.seq)); }
  void write(json::object body, std::string_view kind) {
    const auto at = time();
    const auto text = record_entry(std::move(body), head_.seq + 1, at, kind);
    head_ = {head_.seq + 1, next_hash(head_.hash, text)};
    entries_.push_back({.seq = head_.seq,
                        .at_ms = at.time_since_epoch().count(),
                        .kind = std::string(kind),
                        .entry = text,
                        .hash = {head_.hash.begin(), head_.hash.end()}});
  }
  RecordHead head_;
  std::vector<RecordEntry> entries_;
};

struct Found {
  std::int64_t entry = 0;  ///< 0: whole
  std::string reason;
  Vouched vouched;
};
Found read(const std::vector<RecordEntry>& entries, std::vector<KnownSigner> signers) {
  Chain chain(std::move(signers));
  for (const auto& entry : entries)
    if (const auto reason = chain.add(entry)) return {chain.head().seq + 1, reason->id, chain.vouched()};
  if (const auto reason = chain.end()) return {chain.head().seq + 1, reason->id, chain.vouched()};
  return {0, {}, chain.vouched()};
}
const std::vector<KnownSigner> ours = {{key.public_key(), std::nullopt}};

TEST(Checkpoint, VouchesForEverythingBeforeIt) {
  Writer record;
  record.entries(5);
  record.checkpoint();
  record.entries(2);
  const auto found = read(record.all(), ours);
  EXPECT_EQ(found.entry, 0) << found.reason;
  EXPECT_EQ(found.vouched.through, 5);
  EXPECT_EQ(found.vouched.key, key.public_key());
  EXPECT_EQ(found.vouched.checkpoints.at(key.public_key()), 1);
}

TEST(Checkpoint, WhoRewritesARecordWithoutTheKeyCannotVouchForIt) {
  Writer record;
  record.entries(3);
  record.checkpoint(stranger);
  EXPECT_EQ(read(record.all(), ours).entry, 4);
  EXPECT_EQ(read(record.all(), ours).reason, "journal.checkpoint_stranger");
  EXPECT_EQ(read(record.all(), {}).entry, 0) << "nobody said whose word counts";
  // A checkpoint of the true record, carried over into another.
  Writer other;
  other.entry("note");
  other.entries(2);
  Writer original;
  original.entries(3);
  const auto stolen = record_entry(checkpoint_body(key, original.head(), at(1)), 4, at(1), "checkpoint");
  const auto hash = next_hash(other.head().hash, stolen);
  other.all().push_back({.seq = 4,
                         .at_ms = at(1).time_since_epoch().count(),
                         .kind = "checkpoint",
                         .entry = stolen,
                         .hash = {hash.begin(), hash.end()}});
  EXPECT_EQ(read(other.all(), ours).entry, 4);
  EXPECT_EQ(read(other.all(), ours).reason, "journal.checkpoint_false");
}

TEST(Checkpoint, ItsTimeIsPartOfWhatIsSigned) {
  Writer record;
  record.entries(2);
  const auto body = checkpoint_body(key, record.head(), at(1));
  const auto signed_at = [&](base::WallTime when) {
    return json::parse(record_entry(body, 3, when, "checkpoint")).as_object();
  };
  EXPECT_EQ(signer_of(signed_at(at(1)), record.head()), key.public_key());
  EXPECT_FALSE(signer_of(signed_at(at(2)), record.head()));
}

TEST(Checkpoint, AKeyThatWasReplacedIsFineForWhoNamesBoth) {
  Writer record;
  record.entries(3);
  record.checkpoint(stranger);
  record.entries(3);
  record.checkpoint(key);
  EXPECT_EQ(read(record.all(), ours).entry, 4);
  const auto both = read(record.all(), {ours.front(), {stranger.public_key(), std::nullopt}});
  EXPECT_EQ(both.entry, 0);
  EXPECT_EQ(both.vouched.checkpoints.size(), 2u);
}

TEST(Checkpoint, ARecordThatIsNotSignedForLongIsNotOurs) {
  Writer record;
  record.entries(2);
  record.checkpoint();
  record.entries(most_unsigned);
  EXPECT_EQ(read(record.all(), ours).entry, 0);
  record.entry();
  EXPECT_EQ(read(record.all(), ours).entry, 3 + most_unsigned + 1);
  EXPECT_EQ(read(record.all(), ours).reason, "journal.record_unsigned");
  // That somebody signed it in the end does not mend it.
  record.checkpoint();
  EXPECT_EQ(read(record.all(), ours).reason, "journal.record_unsigned");
}

TEST(Checkpoint, WhoKnowsWhenTheKeyWasMadeMissesCheckpointsThatWereTakenOut) {
  Writer record;
  record.entries(4);
  const std::vector<KnownSigner> known = {{key.public_key(), record.head()}};
  record.entries(most_unsigned + 1);
  EXPECT_EQ(read(record.all(), known).reason, "journal.record_unsigned");
  EXPECT_EQ(read(record.all(), ours).entry, 0) << "of itself the key does not say since when";
  record.cut(2);
  EXPECT_EQ(read(record.all(), known).reason, "journal.record_cut");
  Writer other;
  other.entry("note");
  other.entries(5);
  EXPECT_EQ(read(other.all(), known).entry, 4);
  EXPECT_EQ(read(other.all(), known).reason, "journal.record_other_head");
}

/// The bound of what checkpoints can do by themselves: a head that others kept is what shows this.
TEST(Checkpoint, ACutBackToACheckpointIsNotSeenWithoutAKeptHead) {
  Writer record;
  record.entries(3);
  record.checkpoint();
  record.entries(3);
  record.checkpoint();
  record.cut(4);
  EXPECT_EQ(read(record.all(), ours).entry, 0);
}

struct KeyFile : testing::Test {
  Folder folder;
  std::filesystem::path file = folder.path() / "record.key";
};

TEST_F(KeyFile, IsMadeOnceAndForItsOwnerAlone) {
  EXPECT_FALSE(must(read_record_key(folder.path())));
  const RecordHead now{7, base::sha256("head")};
  const auto made = must(take_record_key(folder.path(), now));
  struct stat info{};
  ASSERT_EQ(::stat(file.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  const auto again = must(take_record_key(folder.path(), {9, {}}));
  EXPECT_EQ(again.key.public_key(), made.key.public_key());
  EXPECT_EQ(again.since, now);
}

TEST_F(KeyFile, OneThatOthersCanReadOrThatIsNoneIsRefused) {
  must(take_record_key(folder.path(), {}));
  ASSERT_EQ(::chmod(file.c_str(), 0640), 0);
  const auto open = read_record_key(folder.path());
  ASSERT_FALSE(open);
  EXPECT_EQ(open.error().text.id, "journal.key_is_open");
  const auto whole = must(base::read_file(file));
  for (const auto& text : {whole.substr(0, whole.size() - 1), whole + "\n", std::string("seed: 1\n"), std::string()}) {
    must(base::write_file(file, text, base::FileMode::secret));
    const auto bad = take_record_key(folder.path(), {});
    ASSERT_FALSE(bad) << text;
    EXPECT_EQ(bad.error().text.id, "journal.bad_record_key");
  }
}

TEST_F(KeyFile, TheStoreSignsOnceForAllThatWasWritten) {
  const auto store = open(folder.path());
  const auto signer = must(take_record_key(folder.path(), {1, store->record_head().second}));
  must(store->reserve_code());
  must(store->reserve_code());
  EXPECT_EQ(store->unsigned_entries(), 3);
  must(store->sign_record(signer.key));
  must(store->sign_record(signer.key));
  EXPECT_EQ(store->unsigned_entries(), 0);
  EXPECT_EQ(store->record_head().first, 4);
  const auto report = must(verify(*store));
  EXPECT_FALSE(report.first_bad) << report.reason.id;
  EXPECT_EQ(report.vouched.through, 3);
}

TEST_F(KeyFile, AStartKnowsHowMuchIsNotSigned) {
  const auto signer = must(take_record_key(folder.path(), {}));
  {
    const auto store = open(folder.path());
    must(store->sign_record(signer.key));
    must(store->reserve_code());
  }
  EXPECT_EQ(open(folder.path())->unsigned_entries(), 1);
}

TEST_F(KeyFile, AStateWhoseKeyIsAnothersIsNotWhole) {
  {
    const auto store = open(folder.path());
    must(store->sign_record(stranger));
  }
  const auto signer = must(take_record_key(folder.path(), {}));
  EXPECT_EQ(must(verify(folder.path())).reason.id, "journal.checkpoint_stranger");
  const auto named =
      must(verify(folder.path(), {.heads = {}, .keys = {stranger.public_key(), signer.key.public_key()}}));
  EXPECT_FALSE(named.first_bad) << named.reason.id;
}

}  // namespace
}  // namespace broadcaster::journal
