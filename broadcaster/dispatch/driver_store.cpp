// Driver: what depends on whether the journal can be written: receipts, stops, and the word that it cannot.
#include "broadcaster/base/log.hpp"
#include "broadcaster/dispatch/driver.hpp"

namespace broadcaster::dispatch {
namespace {

std::string reason_of(const base::Error& error) {
  for (const auto& [name, value] : error.text.arguments)
    if (name == "reason")
      if (const auto* text = std::get_if<std::string>(&value)) return *text;
  return error.text.id;
}

}  // namespace

/// The answer to a gateway: what the channel says when all its evidence is on disk, 503 when the journal fails first.
struct Driver::Receipt {
  net::Responder responder;
  int status;
  std::string body;
  bool answered = false;

  void answer(int with) {
    if (std::exchange(answered, true)) return;
    responder.answer(with, {}, with == status ? std::move(body) : std::string());
  }
};

void Driver::on_health(const std::optional<base::Error>& failure) {
  if (!failure) {
    base::log::info("the journal can be written again");
    store_failure_.reset();
    deliver(StoreWorks{});
    if (on_store_works) on_store_works();
    return;
  }
  base::log::error("the journal failed", *failure);
  store_failure_ = failure;
  deliver(StoreFailed{reason_of(*failure)});
  for (auto& [_, waiting] : std::exchange(stopping_, {}))
    for (auto& done : waiting) done(unrecorded_stop());
  for (auto& [_, receipt] : std::exchange(receipts_, {}))
    if (const auto open = receipt.lock()) open->answer(503);
}

/// It is stopped, here and now; but a process that starts from this disk would not know it.
base::Result<void> Driver::unrecorded_stop() const {
  return base::fail(base::ErrorKind::unavailable,
                    {"dispatch.stop_not_recorded", {{"reason", reason_of(*store_failure_)}}});
}

void Driver::stop(AlertId alert, std::string why, std::move_only_function<void(base::Result<void>)> done) {
  stopping_[alert].push_back(std::move(done));
  deliver(Stopped{alert, std::move(why), Stopped::Recorded::no});
  if (store_failure_) answer_stop(alert, unrecorded_stop());
}

void Driver::answer_stop(AlertId alert, const base::Result<void>& result) {
  if (auto found = stopping_.extract(alert))
    for (auto& done : found.mapped()) done(result);
}

void Driver::receive(const net::ServerRequest& request, const EndpointName& endpoint, net::Responder responder) {
  const auto found = endpoints_.find(endpoint);
  if (found == endpoints_.end()) return responder.answer(404, {}, "");
  // Nothing is taken that cannot be kept: the gateway asks again, and its queue is longer than ours.
  if (store_failure_) return responder.answer(503, {}, "");
  auto received = found->second.channel->receive(request);
  auto receipt = std::make_shared<Receipt>(std::move(responder), received.status, std::move(received.body));
  if (received.evidence.empty()) return receipt->answer(receipt->status);
  receipts_.emplace(next_ticket_, receipt);
  // Answered when the last piece of evidence is on disk; were the process to end before, the gateway would ask again.
  const auto first = next_ticket_;
  const auto left = std::make_shared<std::size_t>(received.evidence.size());
  for (auto& one : received.evidence)
    evidence(std::move(one), [this, first, receipt, left] {
      if (--*left > 0) return;
      receipts_.erase(first);
      receipt->answer(receipt->status);
    });
}

}  // namespace broadcaster::dispatch
