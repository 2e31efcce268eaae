// The pager at work: a real journal, real HTTP and SMTP on loopback.
#include "broadcaster/service/paging/pages.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cstdlib>

#include "tests/journal/sample.hpp"
#include "tests/support/pager_peers.hpp"

namespace broadcaster::service {
namespace {

namespace json = boost::json;
constexpr auto drill = alert::Mode::drill;

/// A process that pages: everything of it goes with it but the state folder.
struct Process {
  explicit Process(const std::filesystem::path& folder, OwnerOptions given)
      : options(std::move(given)),
        store(journal::sample::must(journal::SqliteStore::open(folder, drill)),
              [this](std::move_only_function<void()> task) { loop->post(std::move(task)); }),
        pages({.loop = *loop, .store = store, .http = *http, .clock = clock, .options = options}) {
    pages.start();
  }
  template <class Condition>
  bool until(Condition so, base::milliseconds patience = std::chrono::seconds(20)) {
    const auto last = loop->now() + patience;
    while (!so() && loop->now() < last) {
      loop->after(base::milliseconds(1), [this] { loop->stop(); });
      loop->run();
    }
    return so();
  }
  const Page* page(const std::string& key) { return pages.find(key); }
  std::vector<json::object> noted() {
    std::optional<std::vector<json::object>> out;
    store.run([](journal::SqliteStore& s) { return s.record(0, 1000); },
              [&](base::Result<std::vector<journal::RecordEntry>> found) {
                out.emplace();
                for (const auto& entry : journal::sample::must(std::move(found)))
                  if (entry.kind == "page") out->push_back(json::parse(entry.entry).at("note").as_object());
              });
    until([&] { return out.has_value(); });
    return *out;
  }

  OwnerOptions options;
  base::SystemClock clock;
  std::unique_ptr<net::Loop> loop = net::Loop::create();
  std::unique_ptr<net::HttpClient> http = net::HttpClient::create(*loop);
  journal::StoreThread store;
  Pages<drill> pages;
};

struct Paging : testing::Test {
  Paging() {
    ::setenv("PAGE_SECRET", "a-secret-token", 1);
    duty.next_after = std::chrono::seconds(1);
    duty.again_every = std::chrono::seconds(1);
    Shift always;
    always.when.set();
    always.order = {"sari", "bayu"};
    duty.shifts = {always};
    duty.ways = {way("push", WayKind::ntfy, drill, push.url()), way("mail", WayKind::email, drill, smtp.url()),
                 way("push-live", WayKind::ntfy, alert::Mode::live, live.url())};
    duty.people = {{"sari", "Sari", "en", {{"push", "sari-topic"}, {"push-live", "sari-topic"}}},
                   {"bayu", "Bayu", "id", {{"mail", "bayu@bpbd.example"}, {"push-live", "bayu-topic"}}}};
  }
  static PageWay way(std::string name, WayKind kind, alert::Mode mode, std::string url) {
    PageWay out;
    out.name = std::move(name);
    out.kind = kind;
    out.mode = mode;
    out.url = std::move(url);
    switch (kind) {
      case WayKind::ntfy:
        out.token = "env:PAGE_SECRET";
        break;
      case WayKind::sms:
        out.password = "env:PAGE_SECRET";
        out.username = "drill";
        out.sender = "LATIHAN";
        break;
      case WayKind::email:
        out.sender = "pages@bpbd.example";
        break;
    }
    return out;
  }
  void start(Work work = Work::send) {
    OwnerOptions options{.state = {folder.path()}, .config = {}, .mode = drill, .work = work};
    options.config.folder = folder.path();
    options.config.duty = duty;
    options.config.agency.short_name = "BPBD Tirtapura";
    options.config.agency.default_language = alert::Language("id");
    options.config.agency.time_zone = "Asia/Jakarta";
    options.config.hooks.public_url = "https://bpbd.example";
    process.emplace(folder.path(), std::move(options));
  }
  void shut() { process->pages.alarm("shut/sms-drill", base::Text{"dispatch.shut", {{"endpoint", "sms-drill"}}}); }
  static json::object body(const std::string& request) {
    return json::parse(request.substr(request.find("\r\n\r\n") + 4)).as_object();
  }

  journal::sample::Folder folder;
  HttpPeer push, live;
  SmtpPeer smtp;
  Duty duty;
  std::optional<Process> process;
};

TEST_F(Paging, AnAlarmWakesTheFirstOnDutyAndNobodyOverALiveWay) {
  start();
  shut();
  ASSERT_TRUE(push.wait_for(0) && process->until([&] { return !push.got().empty(); }));
  const auto request = push.got().front();
  EXPECT_TRUE(request.starts_with("POST / HTTP/1.1\r\n")) << request;
  EXPECT_NE(request.find("Authorization: Bearer a-secret-token\r\n"), std::string::npos);
  const auto said = body(request);
  EXPECT_EQ(said.at("topic").as_string(), "sari-topic");
  EXPECT_EQ(said.at("message").as_string(),
            "EXERCISE: BPBD Tirtapura P1: sms-drill is shut. Its deliveries wait. EXERCISE.");
  const auto action = said.at("actions").as_array().at(0).as_object();
  EXPECT_EQ(action.at("method").as_string(), "POST");
  EXPECT_TRUE(std::string_view(action.at("url").as_string()).starts_with("https://bpbd.example/page/"));
  EXPECT_TRUE(live.got().empty());
  EXPECT_TRUE(smtp.got().empty()) << "the second has not been called yet";
}

TEST_F(Paging, WithoutAnAcknowledgementTheSecondIsCalledAndTheRecordHasAllOfIt) {
  start();
  shut();
  ASSERT_TRUE(process->until([&] { return !smtp.got().empty(); }));
  EXPECT_NE(smtp.got().front().find("RCPT TO:<bayu@bpbd.example>"), std::string::npos);
  EXPECT_GE(push.got().size(), 1u);
  std::optional<base::Result<void>> done;
  process->pages.acknowledge("P1", "bayu", "console, bayu (uid 0)", [&](base::Result<void> r) { done = std::move(r); });
  ASSERT_TRUE(process->until([&] { return done.has_value(); }));
  EXPECT_TRUE(*done);
  const auto calls = push.got().size() + smtp.got().size();
  EXPECT_FALSE(process->until([&] { return push.got().size() + smtp.got().size() > calls + 1; },
                              std::chrono::milliseconds(2500)))
      << "nobody is called about what somebody has";
  std::set<std::string> what;
  for (const auto& note : process->noted()) what.emplace(note.at("what").as_string());
  EXPECT_EQ(what, (std::set<std::string>{"opened", "called", "tried", "acknowledged"}));
  for (const auto& note : process->noted())
    EXPECT_EQ(json::serialize(note).find("bpbd.example"), std::string::npos) << "no addresses on the record";
}

TEST_F(Paging, ADeadWayBesideALivingOneHindersNobody) {
  duty.ways.push_back(way("dead", WayKind::sms, drill, "http://127.0.0.1:" + std::to_string(closed_port())));
  duty.people.front().wake.push_back({"dead", "+99955501001"});
  start();
  shut();
  ASSERT_TRUE(process->until([&] {
    return process->page("shut/sms-drill") && !process->page("shut/sms-drill")->called.empty() &&
           process->page("shut/sms-drill")->called.front().reached == Called::Reached::by_some_way;
  }));
  EXPECT_EQ(push.got().size(), 1u);
  bool said = false;
  for (const auto& note : process->noted())
    if (note.at("what").as_string() == "tried") {
      const auto& ways = note.at("ways").as_object();
      said = ways.at("push").as_string() == "taken" && ways.at("dead").as_string() != "taken";
    }
  EXPECT_TRUE(said);
}

TEST_F(Paging, WhereTheFirstIsOutOfReachTheSecondIsCalledAtOnce) {
  duty.next_after = std::chrono::hours(1);
  push.answer_with(500);
  start();
  shut();
  EXPECT_TRUE(process->until([&] { return !smtp.got().empty(); }));
}

TEST_F(Paging, ANewProcessGoesOnAndRepeatsNothingThatWasAcknowledged) {
  start();
  shut();
  process->pages.alarm("store", base::Text{"dispatch.store_failed", {{"reason", "x"}}});
  ASSERT_TRUE(process->until([&] { return push.got().size() >= 2; }));
  std::optional<base::Result<void>> done;
  process->pages.acknowledge("1", "sari", "console", [&](base::Result<void> r) { done = std::move(r); });
  ASSERT_TRUE(process->until([&] { return done.has_value(); }));
  process.reset();
  const auto before = push.got().size();
  start();
  ASSERT_TRUE(process->until([&] { return push.got().size() > before; }));
  EXPECT_EQ(body(push.got().back()).at("title").as_string(), "EXERCISE: BPBD Tirtapura: page P2 EXERCISE.");
  shut();
  ASSERT_TRUE(process->until([&] { return process->page("shut/sms-drill") != nullptr; }));
  EXPECT_EQ(process->page("shut/sms-drill")->acknowledged.size(), 1u);
  EXPECT_EQ(process->page("shut/sms-drill")->called.front().tries, 1);
}

TEST_F(Paging, AlarmsOfOneCauseMakeOnePageThatEndsWithTheLastOfThem) {
  start();
  process->pages.alarm("store", base::Text{"dispatch.store_failed", {{"reason", "x"}}});
  process->pages.alarm("/audit/writer", base::Text{"service.audit_writer", {{"seconds", std::int64_t{5}}}});
  process->pages.alarm("/audit/writer", base::Text{"service.audit_writer", {{"seconds", std::int64_t{10}}}});
  ASSERT_TRUE(process->until([&] { return !push.got().empty(); }));
  EXPECT_EQ(process->pages.json().at("open").as_array().size(), 1u);
  process->pages.alarm("store", std::nullopt);
  EXPECT_FALSE(process->page("journal")->ended);
  process->pages.alarm("/audit/writer", std::nullopt);
  EXPECT_TRUE(process->page("journal")->ended);
}

TEST_F(Paging, ACauseThatIsGoneEndsThePage) {
  start();
  shut();
  ASSERT_TRUE(process->until([&] { return !push.got().empty(); }));
  process->pages.alarm("shut/sms-drill", std::nullopt);
  ASSERT_TRUE(process->until([&] { return process->page("shut/sms-drill")->ended.has_value(); }));
  EXPECT_TRUE(process->pages.json().at("open").as_array().empty());
}

TEST_F(Paging, AWayWhoseSecretIsNotThereIsLeftOutAndSaid) {
  duty.ways.front().token = "env:PAGE_SECRET_THAT_IS_NOT_THERE";
  start();
  ASSERT_EQ(process->pages.warnings().size(), 1u);
  EXPECT_EQ(process->pages.warnings().front().id, "service.page_way_left_out");
  shut();
  EXPECT_TRUE(process->until([&] { return !smtp.got().empty(); })) << "the next is called: the first has no way";
}

TEST_F(Paging, WhoOnlyLooksCallsNobodyAndMayAcknowledge) {
  start();
  shut();
  ASSERT_TRUE(process->until([&] { return !push.got().empty(); }));
  process.reset();
  const auto before = push.got().size();
  start(Work::read);
  std::optional<base::Result<void>> done;
  process->pages.acknowledge("P1", "sari", "console", [&](base::Result<void> r) { done = std::move(r); });
  ASSERT_TRUE(process->until([&] { return done.has_value(); }));
  EXPECT_TRUE(*done);
  EXPECT_EQ(push.got().size(), before);
  EXPECT_FALSE(process->page("shut/sms-drill")->waits());
}

TEST_F(Paging, APageThatIsNotThereIsSaid) {
  start();
  std::optional<base::Result<void>> done;
  process->pages.acknowledge("P9", "sari", "console", [&](base::Result<void> r) { done = std::move(r); });
  ASSERT_TRUE(process->until([&] { return done.has_value(); }));
  ASSERT_FALSE(*done);
  EXPECT_EQ(done->error().text.id, "service.unknown_page");
}

}  // namespace
}  // namespace broadcaster::service
