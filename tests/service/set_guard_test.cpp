// The guard over a real folder, journal and driver: what a look hands out, what it remembers, and when it alarms.
#include "broadcaster/service/set_guard.hpp"

#include <atomic>
#include <boost/json.hpp>
#include <thread>

#include "broadcaster/base/files.hpp"
#include "tests/approval/signed_sets.hpp"
#include "tests/dispatch/stage.hpp"

namespace broadcaster::service {
namespace {

using approval::SetTexts;
using dispatch::test::Stage;
using journal::sample::must;

struct Guarded : Stage {
  Guarded() { std::filesystem::create_directories(config); }

  void write(const std::string& name, const std::string& text) const {
    ASSERT_TRUE(base::write_file(config / name, text).has_value());
  }
  void lay_out(const approval::SignedSet& set) const {
    for (const auto& [name, text] : set.texts) write(name, text);
    write("signed.json", approval::signed_set_json(set));
  }
  void open(SetTexts started_with = {}, base::Result<AcceptedSet> remembered = nullptr) {
    guard.emplace(SetGuardTools{*loop, store, driver(), clock, fence, elsewhere, read, patience}, config,
                  approval::digests_of(started_with), std::move(remembered));
  }
  base::Result<std::shared_ptr<const SetGuard::Look>> look() {
    std::optional<base::Result<std::shared_ptr<const SetGuard::Look>>> out;
    guard->look([&](auto seen) { out = std::move(seen); });
    until([&] { return out.has_value(); });
    return *out;
  }
  std::vector<std::string> refusals() { return approval::ids(must(look())->refusals); }
  std::string alarm(const std::string& key) {
    const auto found = driver().alarms().find("/signed_set/" + key);
    return found == driver().alarms().end() ? "" : found->second.text.id;
  }
  AcceptedSet in_journal() {
    std::optional<AcceptedSet> out;
    store.run([](journal::SqliteStore& s) { return load_accepted_set(s); },
              [&](base::Result<AcceptedSet> found) { out = must(std::move(found)); });
    until([&] { return out.has_value(); });
    return *out;
  }
  static approval::SignedSet first() {
    return approval::signed_by({"bayu", "ratna"}, approval::texts_of(approval::agency().people_text()));
  }

  const std::filesystem::path config = std::filesystem::path(folder.path()) / "config";
  std::function<base::Result<approval::SetOnDisk>(const std::filesystem::path&)> read = read_set;
  base::milliseconds patience = std::chrono::seconds(20);
  std::optional<Fence> fence;
  std::optional<SetMark> elsewhere;
  std::optional<SetGuard> guard;
};

TEST_F(Guarded, HandsOutTheVeryTextsThatItJudgedAndRemembersTheSet) {
  lay_out(first());
  open();
  const auto seen = must(look());
  EXPECT_TRUE(seen->refusals.empty());
  write("people.yaml", "changed a moment later");
  EXPECT_EQ(seen->texts, first().texts);
  EXPECT_EQ(in_journal()->digest(), first().digest());
  EXPECT_EQ(refusals(), std::vector<std::string>{"approval.set_changed"}) << "the next look sees it";
}

TEST_F(Guarded, AlarmsForAsLongAsSomethingIsNotSigned) {
  lay_out(first());
  open();
  EXPECT_TRUE(guard->look_first().empty());
  write("policy.yaml", "rules:\n");
  refusals();
  EXPECT_EQ(alarm("changed"), "approval.set_changed");
  EXPECT_FALSE(guard->json().at("releases").as_bool());
  EXPECT_EQ(guard->json().at("files").as_array().at(0).as_string(), "policy.yaml");
  lay_out(first());
  EXPECT_TRUE(refusals().empty());
  EXPECT_EQ(alarm("changed"), "");
  EXPECT_TRUE(guard->json().at("releases").as_bool());
}

TEST_F(Guarded, SaysAtTheStartThatNobodyEverSigned) {
  write("people.yaml", approval::agency().people_text());
  open();
  EXPECT_EQ(approval::ids(guard->look_first()), std::vector<std::string>{"approval.set_never_signed"});
  EXPECT_EQ(alarm("never"), "approval.set_never_signed");
  EXPECT_EQ(alarm("changed"), "");
}

TEST_F(Guarded, WhereItsMemoryCannotBeReadNothingIsTakenOnTrust) {
  lay_out(first());
  open({}, base::fail(base::ErrorKind::refused, {"approval.set_newer", {}}));
  EXPECT_FALSE(look().has_value());
  EXPECT_EQ(in_journal(), nullptr);
  EXPECT_EQ(alarm("changed"), "approval.set_newer");
  EXPECT_FALSE(guard->json().at("releases").as_bool());
}

TEST_F(Guarded, WhatTheProcessStartedWithMustHaveBeenSigned) {
  auto texts = first().texts;
  texts["zones.geojson"] = "{}";
  const auto with_zones = approval::signed_by({"bayu", "ratna"}, texts);
  lay_out(with_zones);
  open(texts);
  EXPECT_TRUE(refusals().empty());
  texts["zones.geojson"] = "{ }";
  open(texts);
  EXPECT_EQ(refusals(), std::vector<std::string>{"approval.set_started_with"});
  lay_out(approval::signed_by({"bayu", "ratna"}, texts, &with_zones));
  open(with_zones.texts);
  EXPECT_TRUE(refusals().empty()) << "an older one that was signed";
  EXPECT_EQ(alarm("restart"), "service.set_restart");
}

TEST_F(Guarded, ALookThatIsAskedForWhileAnotherRunsReadsAnew) {
  lay_out(first());
  open();
  int answered = 0;
  std::vector<std::string> second;
  guard->look([&](const auto&) { ++answered; });
  write("policy.yaml", "rules:\n");
  guard->look([&](const auto& seen) {
    second = approval::ids((*seen)->refusals);
    ++answered;
  });
  until([&] { return answered == 2; });
  EXPECT_EQ(second, std::vector<std::string>{"approval.set_changed"});
}

TEST_F(Guarded, ADiskThatDoesNotAnswerIsAnAlarmAndHoldsUpNobody) {
  lay_out(first());
  const auto hang = std::make_shared<std::atomic<bool>>(false);
  read = [hang](const std::filesystem::path& from) {
    while (*hang) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return read_set(from);
  };
  patience = std::chrono::milliseconds(30);
  open();
  ASSERT_TRUE(refusals().empty());
  *hang = true;
  EXPECT_FALSE(look().has_value()) << "whoever waits is answered";
  EXPECT_EQ(alarm("changed"), "service.set_hangs");
  EXPECT_FALSE(guard->json().at("releases").as_bool());
  EXPECT_FALSE(look().has_value()) << "and whoever asks while it hangs, at once";
  *hang = false;
  until([&] { return alarm("changed").empty(); });
  EXPECT_TRUE(refusals().empty()) << "it has answered, and was read anew";
  *hang = true;
  guard->look([](const auto&) {});
  guard.reset();  // waits for nobody
  *hang = false;
}

TEST_F(Guarded, NamesWhoHasSignedAndWhoOfThemFromOneLogin) {
  auto set = first();
  for (auto& signature : set.sets.back().signatures) signature.login = approval::Login{"meja", "7", "/dev/tty1"};
  set.sets.back().signatures.push_back(set.last().signatures.front());
  set.sets.back().signatures.back().person = "hendra";
  lay_out(set);
  open();
  refusals();
  EXPECT_EQ(guard->json().at("signers"), (boost::json::array{"bayu", "ratna"}));
  EXPECT_EQ(guard->json().at("same_login").at(0).at("persons"), (boost::json::array{"bayu", "ratna"}));
}

TEST_F(Guarded, BehindAFenceNothingIsReleasedByAnOlderSetThanAnotherMachineHas) {
  const auto shared = std::filesystem::path(folder.path()) / "shared";
  std::filesystem::create_directories(shared);
  const Fence at_fence(shared, "tirtapura", alert::Mode::live);
  fence = at_fence;
  lay_out(first());
  open();
  ASSERT_TRUE(refusals().empty());
  until([&] { return must(at_fence.newest_set_within(std::chrono::seconds(20))).has_value(); });
  EXPECT_EQ(must(at_fence.newest_set_within(std::chrono::seconds(20)))->digest, first().digest());
  elsewhere = SetMark{2, "of another machine", "old"};
  open();
  EXPECT_EQ(refusals(), std::vector<std::string>{"service.set_newer_elsewhere"});
  EXPECT_FALSE(guard->json().at("releases").as_bool());
  EXPECT_EQ(alarm("changed"), "service.set_newer_elsewhere");
  elsewhere = SetMark{1, "of another line", "old"};
  open();
  EXPECT_EQ(refusals(), std::vector<std::string>{"service.set_newer_elsewhere"});
  const auto earlier = first();
  lay_out(approval::signed_by({"bayu", "ratna"}, approval::texts_of(approval::agency().people_text(), "rules:\n"),
                              &earlier));
  EXPECT_TRUE(refusals().empty()) << "a newer one leads on";
}

}  // namespace
}  // namespace broadcaster::service
