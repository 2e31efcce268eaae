#include "broadcaster/net/loop.hpp"

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <map>
#include <optional>
#include <stdexcept>
#include <unordered_map>
#include <utility>

#include "broadcaster/net/context.hpp"

namespace broadcaster::net {

namespace asio = boost::asio;
using SteadyTime = std::chrono::steady_clock::time_point;

/// All timers share one Asio timer, set to the earliest: starting and cancelling one is two map operations.
struct Loop::Inner {
  asio::io_context context{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{context.get_executor()};
  asio::steady_timer alarm{context};
  std::optional<asio::signal_set> signals;
  std::move_only_function<void(int)> on_signal;

  std::map<std::pair<SteadyTime, std::uint64_t>, Task> timers;
  std::unordered_map<std::uint64_t, SteadyTime> due;
  std::uint64_t last_timer = 0;
  SteadyTime alarm_at = SteadyTime::max();

  bool in_turn = false;
  std::chrono::steady_clock::duration worst{};
  std::uint64_t slow = 0;

  void set_alarm() {
    if (timers.empty() || timers.begin()->first.first >= alarm_at) return;  // an early ring finds nothing and sets anew
    alarm_at = timers.begin()->first.first;
    alarm.expires_at(alarm_at);
    alarm.async_wait([this](boost::system::error_code error) {
      if (!error) ring();
    });
  }

  /// A timer that is started by one of these tasks waits for the next ring, even with no delay.
  void ring() {
    alarm_at = SteadyTime::max();
    const auto now = std::chrono::steady_clock::now();
    const auto newest = last_timer;
    for (auto it = timers.begin(); it != timers.end() && it->first.first <= now;) {
      if (it->first.second > newest) {
        ++it;
        continue;
      }
      Task task = std::move(it->second);
      due.erase(it->first.second);
      timers.erase(it);
      {
        Turn turn(*this);
        task();
      }
      if (context.stopped()) break;  // "the handler that runs is finished first", and no other
      it = timers.begin();
    }
    set_alarm();
  }

  void wait_for_signal() {
    signals->async_wait([this](boost::system::error_code error, int number) {
      if (error) return;
      {
        Turn turn(*this);
        on_signal(number);
      }
      wait_for_signal();
    });
  }
};

Loop::Loop() : inner_(std::make_unique<Inner>()) {}
Loop::~Loop() = default;

std::unique_ptr<Loop> Loop::create() {
  std::signal(SIGPIPE, SIG_IGN);
  return std::unique_ptr<Loop>(new Loop);
}

void Loop::run() {
  inner_->context.run();
  inner_->context.restart();
}

void Loop::stop() { inner_->context.stop(); }

void Loop::post(Task task) {
  asio::post(inner_->context, [inner = inner_.get(), task = std::move(task)]() mutable {
    Turn turn(*inner);
    task();
  });
}

TimerId Loop::after(milliseconds delay, Task task) {
  const auto at = std::chrono::steady_clock::now() + std::max(delay, milliseconds{0});
  const auto id = ++inner_->last_timer;
  inner_->timers.emplace(std::pair(at, id), std::move(task));
  inner_->due.emplace(id, at);
  inner_->set_alarm();
  return TimerId{id};
}

void Loop::cancel(TimerId timer) {
  const auto it = inner_->due.find(static_cast<std::uint64_t>(timer));
  if (it == inner_->due.end()) return;
  const auto node = inner_->timers.extract({it->second, it->first});  // the task's own destructor may come back here
  inner_->due.erase(it);
}

base::MonoTime Loop::now() const { return base::SystemClock{}.now().mono; }

void Loop::on_signal(const std::vector<int>& signals, std::move_only_function<void(int)> task) {
  if (inner_->signals) throw std::logic_error("Loop::on_signal: called twice");
  inner_->signals.emplace(inner_->context);
  for (const int number : signals) inner_->signals->add(number);
  inner_->on_signal = std::move(task);
  inner_->wait_for_signal();
}

std::chrono::microseconds Loop::worst_gap() const {
  return std::chrono::duration_cast<std::chrono::microseconds>(inner_->worst);
}

std::uint64_t Loop::slow_turns() const { return inner_->slow; }

void Loop::restart_watch() {
  inner_->worst = {};
  inner_->slow = 0;
}

asio::io_context& context(Loop& loop) { return loop.inner().context; }

Turn::Turn(Loop::Inner& inner)
    : inner_(inner), start_(std::chrono::steady_clock::now()), outermost_(!std::exchange(inner.in_turn, true)) {}

Turn::~Turn() {
  if (!outermost_) return;
  inner_.in_turn = false;
  const auto took = std::chrono::steady_clock::now() - start_;
  inner_.worst = std::max(inner_.worst, took);
  if (took > Loop::slow_limit) ++inner_.slow;
}

}  // namespace broadcaster::net
