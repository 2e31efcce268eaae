// The durable life of an SMS, as the driver lives it: rows from the audience, intent, accepted, receipt, each in
// transactions of the engine's size on the store's thread, with synchronous=FULL.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <future>
#include <vector>

#include "broadcaster/base/digest.hpp"
#include "broadcaster/dispatch/engine.hpp"
#include "broadcaster/journal/store_thread.hpp"
#include "tests/bench/figure.hpp"
#include "tests/bench/measures.hpp"
#include "tests/bench/town.hpp"

namespace broadcaster::bench {
namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;
using journal::SqliteStore;

/// The driver hands in and goes on; here the last answer of a batch is waited for, and the ones before come with it.
template <class T, class Work>
std::future<base::Result<T>> hand_in(journal::StoreThread& store, Work work) {
  std::promise<base::Result<T>> promise;
  auto future = promise.get_future();
  store.run(std::move(work),
            [promise = std::move(promise)](base::Result<T> result) mutable { promise.set_value(std::move(result)); });
  return future;
}

struct Life {
  std::vector<delivery::Change> intents, answers, receipts;
};

template <class Reference>
Life life_of(const std::vector<delivery::Row>& rows, base::WallTime now, Reference& reference) {
  const plan::EndpointName gateway("gateway");
  Life out;
  for (const auto& row : rows) {
    const delivery::AttemptId attempt{row.id, row.attempts + 1};
    const std::string ref = reference();
    out.intents.emplace_back(delivery::Intend{.attempt = attempt, .endpoint = gateway, .at = now});
    out.answers.emplace_back(delivery::Settle{.attempt = attempt,
                                              .to = delivery::State::accepted,
                                              .outcome = "accepted",
                                              .why = "",
                                              .ref = ref,
                                              .memo = "",
                                              .due = {},
                                              .at = now});
    out.receipts.emplace_back(delivery::Prove{{.endpoint = gateway,
                                               .about = delivery::Ref{ref},
                                               .proof = delivery::Proof::confirmed,
                                               .kind = "receipt",
                                               .detail = "",
                                               .at = now}});
  }
  return out;
}

/// Whole lives a second, and how long making the rows took of it.
struct Lived {
  double seconds = 0;
  double rows = 0;
};

template <class Reference>
Lived live(int recipients, Reference reference) {
  constexpr int batch = dispatch::Engine::most_changes_at_once;
  Town town("http://127.0.0.1:9");
  const auto plan = town.plan(town.audience("+9991", recipients), alert::Urgency::expected);
  auto opened = town.open();
  const auto begin = Clock::now();
  const auto alert = town.release(*opened, plan, Town::Rows::complete);
  const Seconds rows = Clock::now() - begin;
  const auto now = base::SystemClock().now().wall;
  journal::StoreThread store(std::move(opened), [](journal::Task task) { task(); });
  const auto claim = [&] {
    return hand_in<journal::Claimed>(store, [=](SqliteStore& s) { return s.claim(alert, sms, now, batch); });
  };
  const auto commit = [&](std::vector<delivery::Change> changes) {
    return hand_in<std::vector<delivery::Moved>>(
        store, [changes = std::move(changes)](SqliteStore& s) { return s.commit(changes); });
  };
  // As in the product, what comes next is made while the store works.
  int done = 0;
  auto claimed = must(claim().get()).rows;
  while (!claimed.empty()) {
    done += static_cast<int>(claimed.size());
    auto life = life_of(claimed, now, reference);
    auto intents = commit(std::move(life.intents));
    auto next = claim();
    auto answers = commit(std::move(life.answers));
    auto receipts = commit(std::move(life.receipts));
    claimed = must(next.get()).rows;
    must(intents.get());
    must(answers.get());
    if (must(receipts.get()).empty()) throw std::runtime_error("receipts that moved nothing");
  }
  const Seconds whole = Clock::now() - begin;
  if (done != recipients) throw std::runtime_error(fmt::format("{} of {} lived", done, recipients));
  const auto counts =
      must(hand_in<journal::AlertStatus>(store, [=](SqliteStore& s) { return s.status(alert); }).get()).routes.at(sms);
  if (counts != journal::StateCounts{{delivery::State::confirmed, recipients}})
    throw std::runtime_error("not every delivery is confirmed");
  return {whole.count(), rows.count()};
}

/// What this disk does alone: 4 KB appended and synced, times a second.
double bare_syncs(int times) {
  const auto path = std::filesystem::temp_directory_path() / fmt::format("bench-sync-{}", ::getpid());
  const int fd = ::open(path.c_str(), O_CREAT | O_WRONLY | O_TRUNC, 0600);
  if (fd < 0) throw std::runtime_error("cannot write " + path.string());
  const std::string page(4096, 'x');
  const auto begin = Clock::now();
  bool works = true;
  for (int i = 0; i < times; ++i)
    works = works && ::write(fd, page.data(), page.size()) == static_cast<ssize_t>(page.size()) && ::fdatasync(fd) == 0;
  const Seconds took = Clock::now() - begin;
  ::close(fd);
  std::filesystem::remove(path);
  if (!works) throw std::runtime_error("this disk does not sync");
  return times / took.count();
}

/// As random as a provider's, and the same in every run.
std::string scattered(int number) { return base::hex(base::sha256(fmt::format("reference {}", number))).substr(0, 32); }

}  // namespace

void measure_journal(Size size) {
  const int recipients = size.of(200'000, 20'000);
  const double syncs = bare_syncs(size.of(2'000, 300));
  const auto tell_life = [&](const char* name, const Lived& lived, Bar bar) {
    tell({.name = name,
          .value = recipients / lived.seconds,
          .unit = "deliveries/s",
          .bar = bar,
          .beside = {{"deliveries", recipients},
                     {"rows_made_per_s", recipients / lived.rows},
                     {"bare_4k_syncs_per_s", syncs}}});
  };
  int ours = 0, theirs = 0;
  tell_life("journal.sequential", live(recipients, [&] { return fmt::format("{:010}", ++ours); }),
            {Bar::Kind::at_least, 15'000});
  tell_life("journal.random", live(recipients, [&] { return scattered(++theirs); }), {});
}

}  // namespace broadcaster::bench
