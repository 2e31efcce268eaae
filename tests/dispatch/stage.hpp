// A real driver over a real journal, a drill of two sirens and one account, and channels that only note what
// they are given.
#pragma once

#include <gtest/gtest.h>

#include "broadcaster/base/digest.hpp"
#include "broadcaster/dispatch/dispatcher.hpp"
#include "tests/approval/fixture.hpp"
#include "tests/dispatch/script.hpp"
#include "tests/journal/faulty_disk.hpp"
#include "tests/journal/sample.hpp"

namespace broadcaster::dispatch::test {

/// Takes as many as its space says, and answers nothing by itself.
class NotingChannel final : public channels::Channel {
 public:
  std::size_t room() const override { return space; }
  void start(std::vector<delivery::Attempt> batch) override {
    space -= batch.size();
    for (auto& attempt : batch) started.push_back(std::move(attempt));
  }
  /// Every request is the same receipt: number 3 has arrived.
  channels::Received receive(const net::ServerRequest&) override {
    return {.status = 200,
            .body = {},
            .evidence = {{.endpoint = plan::EndpointName("sms"),
                          .about = DeliveryId(3),
                          .proof = delivery::Proof::confirmed,
                          .kind = "delivered",
                          .detail = {},
                          .at = approval::at(2, 4)}}};
  }
  std::size_t space = 100;
  std::vector<delivery::Attempt> started;
};

/// The night of the alert, as long as the test takes.
class NightClock final : public base::Clock {
 public:
  base::Now now() const override {
    const auto mono = base::SystemClock().now().mono;
    return {approval::at(2, 3) + (mono - began_), mono};
  }

 private:
  base::MonoTime began_ = base::SystemClock().now().mono;
};

struct Stage : testing::Test {
  Stage() {
    OpenEndpoints endpoints;
    for (const auto& planned : signed_plan.plan.endpoints) {
      auto channel = std::make_unique<NotingChannel>();
      if (planned.name.value == "sirens") sirens = channel.get();
      if (planned.name.value == "sms") sms = channel.get();
      endpoints.emplace(planned.name, OpenEndpoint{.config = {},
                                                   .destination = planned.destination,
                                                   .fingerprint = planned.fingerprint,
                                                   .channel = std::move(channel)});
    }
    driver().open(std::move(endpoints));
  }

  Driver& driver() { return dispatcher.driver(); }

  /// Runs the loop until it is so.
  template <class Condition>
  void until(Condition so) {
    const auto last = loop->now() + std::chrono::seconds(10);
    while (!so() && loop->now() < last) {
      loop->after(base::milliseconds(1), [this] { loop->stop(); });
      loop->run();
    }
    ASSERT_TRUE(so());
  }

  AlertId release() {
    auto made = approval::release(signed_plan, approval::agency().people(), approval::request(clock.now().wall));
    EXPECT_TRUE(made) << (made ? "" : made.error().text.id);
    std::optional<AlertId> alert;
    dispatcher.submit(std::get<approval::Release<alert::Mode::drill>>(*made), [&](base::Result<Submitted> submitted) {
      ASSERT_TRUE(submitted) << submitted.error().text.id;
      alert = submitted->alert;
    });
    until([&] { return alert.has_value(); });
    return *alert;
  }

  void halt(AlertId alert) {
    bool halted = false;
    driver().stop(alert, "halted by sari", [&](base::Result<void> result) { halted = result.has_value(); });
    until([&] { return halted; });
  }

  /// From now on nothing can be written.
  void break_disk() {
    on_the_store([this] { disk.die_at(disk.calls()); });
    store.run([](journal::SqliteStore& s) { return s.save("any", "value"); }, [](const base::Result<void>&) {});
    until([&] { return driver().alarms().contains("store"); });
  }
  void mend_disk() {
    on_the_store([this] { disk.die_at(-1); });
    until([&] { return !driver().alarms().contains("store"); });
  }
  void on_the_store(std::function<void()> act) {
    bool done = false;
    store.run(
        [act](journal::SqliteStore&) -> base::Result<void> {
          act();
          return {};
        },
        [&](const base::Result<void>&) { done = true; });
    until([&] { return done; });
  }
  journal::StoredAlert stored(AlertId alert) {
    std::optional<journal::StoredAlert> out;
    store.run([alert](journal::SqliteStore& s) { return s.alert(alert); },
              [&](base::Result<journal::StoredAlert> found) { out = journal::sample::must(std::move(found)); });
    until([&] { return out.has_value(); });
    return *out;
  }

  journal::AlertStatus status(AlertId alert) {
    std::optional<journal::AlertStatus> out;
    store.run([alert](journal::SqliteStore& s) { return s.status(alert); },
              [&](base::Result<journal::AlertStatus> found) { out = journal::sample::must(std::move(found)); });
    until([&] { return out.has_value(); });
    return *out;
  }
  /// As the journal has it: the driver forgets what is over.
  std::int64_t written(AlertId alert, State state) {
    std::int64_t n = 0;
    for (auto& [_, counts] : status(alert).routes) n += counts[state];
    return n;
  }
  bool settled(AlertId alert) {
    const auto progress = driver().progress(alert);
    return !progress || progress->settled;
  }
  std::int64_t count(AlertId alert, State state) {
    std::int64_t n = 0;
    for (auto& [_, counts] : driver().progress(alert)->routes) n += counts[state];
    return n;
  }
  /// Two sirens (a repeat is harmless) and one account (it is not), signed by enough people.
  static approval::SignedPlan drill() {
    auto plan = approval::sample_plan(alert::Mode::drill);
    plan.endpoints.clear();
    plan.routes.clear();
    const auto route = [&](const char* name, plan::Intent intent) {
      plan.endpoints.push_back(journal::sample::endpoint(name, name, intent));
      plan.endpoints.back().destination = "channel=" + std::string(name) + "\nmode=drill\n";
      plan.endpoints.back().fingerprint = base::hex(base::sha256(plan.endpoints.back().destination));
      plan.endpoints.back().on_unknown = plan::OnUnknown::resend;
      plan.endpoints.back().reconcile_after = std::chrono::seconds(0);
      plan.routes.push_back({plan::RouteName(name), {plan::EndpointName(name)}});
    };
    route("sirens", plan::Intent::with_the_outcome);
    route("sms", plan::Intent::before_the_byte);
    if (plan.false_alarm) {
      auto calming = *plan.false_alarm;
      calming.endpoints = plan.endpoints;
      calming.routes = plan.routes;
      plan.false_alarm = std::make_shared<const plan::Plan>(std::move(calming));
    }
    auto out = approval::unsigned_plan(std::move(plan));
    const auto& people = approval::agency();
    out.signatures = {people.sign("sari", approval::Role::author, out, approval::at(2, 0)),
                      people.sign("bayu", approval::Role::approver, out, approval::at(2, 1))};
    return out;
  }

  approval::SignedPlan signed_plan = drill();
  journal::sample::Folder folder;
  journal::sample::FaultyDisk disk{"stage"};
  NightClock clock;
  Middle random;
  std::unique_ptr<net::Loop> loop = net::Loop::create();
  journal::StoreThread store{journal::sample::open(folder.path(), {.vfs = disk.name()}),
                             [this](journal::Task task) { loop->post(std::move(task)); }};
  Dispatcher<alert::Mode::drill> dispatcher{*loop, store, clock, random};
  NotingChannel* sirens = nullptr;
  NotingChannel* sms = nullptr;
};

}  // namespace broadcaster::dispatch::test
