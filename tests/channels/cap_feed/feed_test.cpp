// One feed on its loop, with a web server of ours: what leaves, in which order, and what readers see afterwards.
#include <fstream>
#include <map>

#include "channels/cap_feed/cap_feed.hpp"
#include "channels/cap_feed/shown.hpp"
#include "tests/channels/cap_feed/support.hpp"
#include "tests/channels/range_fixture.hpp"

namespace broadcaster::channels::cap_feed {
namespace {

namespace fs = std::filesystem;

class KeptStore final : public ChannelStore {
 public:
  void load(const std::string& key, std::move_only_function<void(std::optional<std::string>)> done) override {
    const auto found = values.find(key);
    done(found == values.end() ? std::nullopt : std::optional(found->second));
  }
  void save(const std::string& key, std::string value, std::move_only_function<void()> done) override {
    values[key] = std::move(value);
    done();
  }
  std::map<std::string, std::string> values;
};

class Alarms final : public Reports {
 public:
  explicit Alarms(Reports& inner) : inner_(inner) {}
  void finished(delivery::AttemptId attempt, delivery::Outcome outcome) override {
    inner_.finished(attempt, std::move(outcome));
  }
  void evidence(delivery::Evidence evidence, std::move_only_function<void()> stored) override {
    inner_.evidence(std::move(evidence), std::move(stored));
  }
  void alarm(const plan::EndpointName&, const std::string& key, std::optional<base::Text> text) override {
    if (text)
      open[key] = text->id;
    else
      open.erase(key);
  }
  bool may_leave(delivery::AttemptId attempt) override { return inner_.may_leave(attempt) && asked++ < may_ask; }
  void ready(const plan::EndpointName& endpoint) override { inner_.ready(endpoint); }
  std::map<std::string, std::string> open;
  int asked = 0, may_ask = 1000;

 private:
  Reports& inner_;
};

/// A web server as the standard has it: tags, conditions, files.
struct AFeed : RangeFixture {
  AFeed() {
    char path[] = "/tmp/broadcaster-cap-XXXXXX";
    folder = ::mkdtemp(path);
    EXPECT_TRUE(base::write_file(folder / "agency.key", us()->key.pem));
  }
  ~AFeed() override { fs::remove_all(folder); }
  void SetUp() override {
    auto listening =
        net::HttpServer::listen(*loop, "127.0.0.1", 0, [this](net::ServerRequest request, net::Responder responder) {
          requests.push_back(request.method + " " + request.target);
          if (request.method == "PUT" && request.target == hangs_at) return held.push_back(std::move(responder));
          responder.answer(request.method == "PUT" ? put(request) : get(request.target.substr(1)), {}, body);
        });
    ASSERT_TRUE(listening);
    server = std::move(*listening);
  }
  int put(const net::ServerRequest& request) {
    body.clear();
    if (put_status != 201) return put_status;
    const auto name = request.target.substr(1);
    if (net::find_header(request.headers, "If-None-Match") && files.contains(name)) return 412;
    files[name] = request.body;
    return 201;
  }
  int get(const std::string& name) {
    if (const auto there = base::read_file(folder / "web" / name)) {
      body = *there;
      if (const auto at = body.find(shown_else.first); !shown_else.first.empty() && at != std::string::npos)
        body.replace(at, shown_else.first.size(), shown_else.second);
      return 200;
    }
    const auto found = files.find(name);
    body = found == files.end() ? "" : found->second;
    return found == files.end() ? 404 : 200;
  }
  enum class Where { folder, upload };
  plan::Endpoint endpoint(Where where) const {
    plan::Endpoint out;
    out.name = plan::EndpointName("feed");
    out.channel = "cap_feed";
    out.mode = alert::Mode::drill;
    out.settings = {{"url", url()},
                    {"title", "BPBD Tirtapura"},
                    {"signer", us()->shown.digest},
                    {"signing_key", "file:" + (folder / "agency.key").string()}};
    if (where == Where::folder) out.settings["folder"] = (folder / "web").string();
    return out;
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(server->port()); }
  void open(Where where) {
    fs::create_directories(folder / (where == Where::folder ? "web" : "."));
    auto made = kind().create(endpoint(where), tools);
    ASSERT_TRUE(made) << made.error().text.id;
    channel = std::move(*made);
    channel->open();
    ASSERT_TRUE(until([&] { return channel->room() > 0 && is_cared_for(where); }));
  }
  /// The index that every start looks after is there, and no request is under way.
  bool is_cared_for(Where where) const {
    return where == Where::folder ? fs::exists(folder / "web" / "index.atom") : requests.size() >= 3;
  }
  std::string text(const std::string& identifier, base::milliseconds life = 30min,
                   alert::MessageType type = alert::MessageType::alert) {
    const auto now = std::chrono::floor<std::chrono::seconds>(clock.now().wall);
    auto alert = order(alert::Status::exercise, now + life);
    alert.type = type;
    auto filled = filling(identifier, now);
    filled.references = "bpbd.example,TP12-1,2026-11-24T04:00:00-00:00";
    return plan::fill(made(alert), filled);
  }
  delivery::Attempt attempt(const std::string& identifier, const std::string& text) const {
    auto out = living(text);
    auto content = *out.content;
    content.alert_identifier = identifier;
    out.content = std::make_shared<const delivery::Content>(std::move(content));
    return out;
  }
  void publish(const std::string& identifier, const std::string& text) {
    const auto before = reports.outcomes.size();
    std::vector<delivery::Attempt> batch;
    batch.push_back(attempt(identifier, text));
    channel->start(std::move(batch));
    ASSERT_TRUE(until([&] { return reports.outcomes.size() > before; }));
  }
  void ask(const std::string& identifier, const std::string& text) {
    bool asked = false;
    channel->ask(attempt(identifier, text), [&] { asked = true; });
    ASSERT_TRUE(until([&] { return asked; }));
  }
  std::string outcome() const { return said(reports.outcomes.back().second); }
  std::string web(const std::string& name) const { return base::read_file(folder / "web" / name).value_or(""); }

  fs::path folder;
  KeptStore kept;
  Alarms alarms{reports};
  ChannelTools tools{*loop, workers, *http, clock, random, alarms, kept, "", ""};
  std::unique_ptr<net::HttpServer> server;
  std::map<std::string, std::string> files;
  std::vector<std::string> requests;
  std::string hangs_at;  ///< a PUT that is never answered
  std::vector<net::Responder> held;
  std::string body;
  int put_status = 201;
  std::pair<std::string, std::string> shown_else;  ///< what readers are shown, and in the place of what
  std::unique_ptr<Channel> channel;
};

TEST_F(AFeed, WhatLeavesIsWhatWasApprovedSignedAndInTheIndex) {
  open(Where::folder);
  const auto approved = text("TP12-1");
  publish("TP12-1", approved);
  EXPECT_EQ(outcome(), "accepted");
  EXPECT_EQ(judge(approved, web("TP12-1.xml"), *us()), There::the_same);
  EXPECT_NE(web("index.atom").find("TP12-1.xml"), std::string::npos);
  EXPECT_NE(web("index.atom").find("<title>EXERCISE: BPBD Tirtapura</title>"), std::string::npos);
  ASSERT_TRUE(until([&] { return channel->proving() == 0; }));
  ASSERT_EQ(reports.proofs.size(), 1u);
  EXPECT_EQ(reports.proofs[0].proof, delivery::Proof::confirmed);
  EXPECT_TRUE(alarms.open.empty());
}

TEST_F(AFeed, ByUploadTheIndexIsWrittenLast) {
  open(Where::upload);
  EXPECT_EQ(requests, (std::vector<std::string>{"GET /index.atom", "PUT /index.atom", "GET /index.atom"}))
      << "an empty feed is one";
  requests.clear();
  publish("TP12-1", text("TP12-1"));
  EXPECT_EQ(outcome(), "accepted");
  ASSERT_GE(requests.size(), 5u);
  requests.resize(5);
  EXPECT_EQ(requests, (std::vector<std::string>{"GET /index.atom", "PUT /TP12-1.xml", "GET /index.atom",
                                                "PUT /index.atom", "GET /index.atom"}));
}

TEST_F(AFeed, WhatReplacesAnAlertTakesItsPlaceInTheIndexAndTheDocumentStays) {
  open(Where::folder);
  publish("TP12-1", text("TP12-1"));
  publish("TP13-1", text("TP13-1", 30min, alert::MessageType::cancel));
  EXPECT_NE(web("TP13-1.xml").find("<references>bpbd.example,TP12-1,"), std::string::npos);
  EXPECT_EQ(web("index.atom").find("TP12-1.xml"), std::string::npos);
  EXPECT_NE(web("index.atom").find("TP13-1.xml"), std::string::npos);
  EXPECT_NE(web("TP12-1.xml"), "");
}

TEST_F(AFeed, WhatExpiresLeavesTheIndexByItselfAndStaysAtItsAddress) {
  open(Where::folder);
  publish("TP12-1", text("TP12-1", 2s));
  ASSERT_TRUE(until([&] { return web("index.atom").find("<entry>") == std::string::npos; }));
  EXPECT_NE(web("TP12-1.xml"), "");
}

TEST_F(AFeed, AnIndexThatCannotBeWrittenIsNotTriedWithoutEnd) {
  open(Where::upload);
  publish("TP12-1", text("TP12-1", 2s));
  put_status = 500;
  ASSERT_TRUE(until([&] { return alarms.open.contains("index"); })) << "it has expired, and cannot leave";
  const auto before = requests.size();
  until([] { return false; }, 1s);
  EXPECT_LT(requests.size(), before + 3);
}

TEST_F(AFeed, ARestartKnowsWhatIsListed) {
  open(Where::folder);
  publish("TP12-1", text("TP12-1"));
  channel.reset();
  fs::remove(folder / "web" / "index.atom");
  open(Where::folder);
  ASSERT_TRUE(until([&] { return web("index.atom").find("TP12-1.xml") != std::string::npos; }));
}

TEST_F(AFeed, AFalseAlarmDoesNotWaitForAnOrderThatHangs) {
  open(Where::upload);
  hangs_at = "/TP12-1.xml";
  std::vector<delivery::Attempt> batch;
  batch.push_back(attempt("TP12-1", text("TP12-1")));
  channel->start(std::move(batch));
  ASSERT_TRUE(until([&] { return !held.empty(); }));
  const auto began = std::chrono::steady_clock::now();
  publish("TP13-1", text("TP13-1", 30min, alert::MessageType::cancel));
  EXPECT_EQ(outcome(), "accepted");
  EXPECT_LT(std::chrono::steady_clock::now() - began, 5s);
  ASSERT_EQ(reports.outcomes.size(), 1u) << "the order hangs still";
  // When it goes on after all, the index does not take back what took it back.
  held.front().answer(201, {}, "");
  ASSERT_TRUE(until([&] { return reports.outcomes.size() == 2; }));
  EXPECT_EQ(outcome(), "accepted");
  EXPECT_EQ(files["index.atom"].find("TP12-1.xml"), std::string::npos) << files["index.atom"];
  EXPECT_NE(files["index.atom"].find("TP13-1.xml"), std::string::npos);
}

TEST_F(AFeed, OfWhatWasStoppedNoByteLeaves) {
  open(Where::upload);
  const auto before = files;
  reports.running = false;
  publish("TP12-1", text("TP12-1"));
  EXPECT_EQ(outcome(), "not_sent");
  EXPECT_EQ(files, before);
}

TEST_F(AFeed, AHaltBetweenDocumentAndIndexLeavesItUnknown) {
  open(Where::folder);
  alarms.may_ask = alarms.asked + 1;
  publish("TP12-1", text("TP12-1"));
  EXPECT_EQ(outcome(), "unknown");
  EXPECT_NE(web("TP12-1.xml"), "");
  EXPECT_EQ(web("index.atom").find("<entry>"), std::string::npos);
  EXPECT_TRUE(alarms.open.empty()) << "nobody is woken by a halt of our own";
}

TEST_F(AFeed, ADocumentOfAnotherModeOrAlertIsRefused) {
  open(Where::folder);
  auto live = order(alert::Status::actual);
  publish("TP12-1", plan::fill(made(live), filling("TP12-1")));
  EXPECT_EQ(outcome(), "refused(message)");
  publish("TP12-2", text("TP12-1"));
  EXPECT_EQ(outcome(), "refused(message)");
  publish("TP12-1", "EXERCISE: go up");
  EXPECT_EQ(outcome(), "refused(message)");
  for (const auto& entry : fs::directory_iterator(folder / "web")) EXPECT_NE(entry.path().extension(), ".xml");
}

TEST_F(AFeed, AnIndexThatCannotBeWrittenIsAnAlarmUntilItCan) {
  open(Where::upload);
  put_status = 403;
  publish("TP12-1", text("TP12-1"));
  EXPECT_EQ(outcome(), "refused(credentials)");
  EXPECT_TRUE(alarms.open.contains("index"));
  put_status = 201;
  publish("TP12-1", text("TP12-1"));
  EXPECT_EQ(outcome(), "accepted");
  EXPECT_TRUE(alarms.open.empty());
}

TEST_F(AFeed, WhatIsUnknownIsConfirmedOnlyWithItsPlaceInTheIndex) {
  open(Where::upload);
  const auto approved = text("TP12-1");
  files["TP12-1.xml"] = sealed(approved, {"TP12-1", alert::Mode::drill}, *us())->document;
  ask("TP12-1", approved);
  EXPECT_TRUE(reports.proofs.empty()) << "who reads the index does not find it";
  publish("TP12-1", approved);
  reports.proofs.clear();
  ask("TP12-1", approved);
  ASSERT_FALSE(reports.proofs.empty());
  EXPECT_EQ(reports.proofs.back().proof, delivery::Proof::confirmed);
}

TEST_F(AFeed, WhatIsShownInsteadIsAnAlarm) {
  open(Where::folder);
  shown_else = {"Wave", "Calm"};
  publish("TP12-1", text("TP12-1"));
  ASSERT_TRUE(until([&] { return channel->proving() == 0; }, 30s));
  ASSERT_FALSE(reports.proofs.empty());
  EXPECT_EQ(reports.proofs.back().kind, delivery::read_back_differs);
  EXPECT_NE(reports.proofs.back().detail.find("shown \"Calm"), std::string::npos) << reports.proofs.back().detail;
}

TEST_F(AFeed, AFolderThatIsNotThereIsTriedAgain) {
  open(Where::folder);
  fs::remove_all(folder / "web");
  publish("TP12-1", text("TP12-1"));
  EXPECT_EQ(outcome(), "not_sent");
  EXPECT_EQ(channel->reachability(), Reachability::down);
  fs::create_directory(folder / "web");
  publish("TP12-1", text("TP12-1"));
  EXPECT_EQ(outcome(), "accepted");
}

TEST_F(AFeed, WhatCannotWorkIsFoundAtTheStart) {
  const auto refused = [&](const std::function<void(plan::Endpoint&)>& change, Where where = Where::upload) {
    auto one = endpoint(where);
    change(one);
    const auto made = kind().create(one, tools);
    return made ? std::string() : made.error().text.id;
  };
  EXPECT_EQ(refused([](auto&) {}), "");
  EXPECT_EQ(refused([](auto& e) { e.settings["signer"] = std::string(64, '0'); }), "channels.cap_feed.signer");
  EXPECT_TRUE(base::write_file(folder / "public.pem", us()->shown.pem));
  EXPECT_EQ(refused([&](auto& e) { e.settings["signing_key"] = "file:" + (folder / "public.pem").string(); }),
            "channels.cap_feed.signing_key");
  EXPECT_EQ(refused([](auto& e) { e.settings["username"] = "a"; }), "channels.cap_feed.credentials");
  EXPECT_EQ(refused([](auto& e) { e.mode = alert::Mode::live; }), "channels.cap_feed.in_clear");
  EXPECT_EQ(refused([](auto& e) { e.mode = alert::Mode::live; }, Where::folder), "") << "its server is not ours";
}

// ── what readers see ──

TEST(Shown, TableOfWhatIsSeen) {
  const auto document = sealed(approved("TP12-1"), {"TP12-1", alert::Mode::drill}, *us()).value();
  const auto index = atom({document.listed}, drill_frame(), noon());
  auto changed = document.document;
  changed.replace(changed.find("Wave"), 4, "Calm");
  const auto stranger = sealed(approved("TP12-1"), {"TP12-1", alert::Mode::drill}, *them()).value().document;
  const auto found = [](const std::string& text) { return Answer(Found{text, ""}); };
  const auto is = [&](Answer first, Answer second, base::WallTime now = noon()) {
    return shown(approved("TP12-1"), first, second, drill_frame(), *us(), now).is;
  };
  using Is = Shown::Is;
  EXPECT_EQ(is(found(document.document), found(index)), Is::as_approved);
  EXPECT_EQ(is(found(changed), found(index)), Is::otherwise);
  EXPECT_EQ(is(found(document.approved), found(index)), Is::otherwise) << "not signed";
  EXPECT_EQ(is(found(stranger), found(index)), Is::otherwise);
  EXPECT_EQ(is(found("<html/>"), found(index)), Is::otherwise);
  EXPECT_EQ(is(found(document.document), found(atom({}, drill_frame(), noon()))), Is::unlisted);
  EXPECT_EQ(is(found(document.document), found(atom({}, drill_frame(), noon())), noon() + 3h), Is::as_approved)
      << "it has expired since";
  EXPECT_EQ(is(found(document.document), found("<html/>")), Is::otherwise);
  EXPECT_EQ(is(Absent{}, found(index)), Is::unseen);
  EXPECT_EQ(is(found(document.document), Absent{}), Is::unseen);
  EXPECT_EQ(is(Failed{delivery::Unknown{"x"}}, found(index)), Is::unseen);
}

}  // namespace
}  // namespace broadcaster::channels::cap_feed
