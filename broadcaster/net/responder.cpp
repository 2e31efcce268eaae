#include <utility>

#include "broadcaster/net/server_session.hpp"

namespace broadcaster::net {
namespace {

std::shared_ptr<ServerSession> take(std::shared_ptr<Exchange>& exchange) {
  const auto held = std::exchange(exchange, nullptr);
  return held ? held->take() : nullptr;
}

bool is_open(const std::shared_ptr<Exchange>& exchange) {
  const auto session = exchange ? exchange->look() : nullptr;
  return session && session->open();
}

}  // namespace

Responder::Responder(std::shared_ptr<Exchange> exchange) : exchange_(std::move(exchange)) {}

Responder& Responder::operator=(Responder&& other) noexcept {
  std::swap(exchange_, other.exchange_);  // ours is answered by the other's destructor
  return *this;
}

Responder::~Responder() { answer(500, {}, {}); }

void Responder::answer(int status, Headers headers, std::string body) {
  if (const auto session = take(exchange_)) session->answer(status, headers, std::move(body));
}

ResponseStream Responder::stream(int status, Headers headers) {
  auto exchange = std::exchange(exchange_, nullptr);
  if (const auto session = exchange ? exchange->look() : nullptr) session->begin_stream(status, headers);
  return ResponseStream(std::move(exchange));
}

void Responder::close_without_answer() {
  if (const auto session = take(exchange_)) session->close();
}

void Responder::reset_without_answer() {
  if (const auto session = take(exchange_)) session->reset();
}

void Responder::answer_partially(std::string bytes) {
  if (const auto session = take(exchange_)) session->write_and_close(std::move(bytes));
}

bool Responder::open() const { return is_open(exchange_); }

ResponseStream::ResponseStream(std::shared_ptr<Exchange> exchange) : exchange_(std::move(exchange)) {}

ResponseStream& ResponseStream::operator=(ResponseStream&& other) noexcept {
  std::swap(exchange_, other.exchange_);
  return *this;
}

ResponseStream::~ResponseStream() { close(); }

bool ResponseStream::send(std::string bytes) {
  const auto session = exchange_ ? exchange_->look() : nullptr;
  return session && session->write_chunk(std::move(bytes));
}

bool ResponseStream::open() const { return is_open(exchange_); }

void ResponseStream::close() {
  if (const auto session = take(exchange_)) session->write_and_close({});
}

}  // namespace broadcaster::net
