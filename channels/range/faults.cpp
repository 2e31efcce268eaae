#include "channels/range/faults.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <utility>

namespace broadcaster::channels {
namespace {

namespace json = boost::json;
using Kind = Fault::Kind;

constexpr std::array<std::pair<std::string_view, Kind>, 8> kinds = {{{"status", Kind::status},
                                                                     {"no_answer", Kind::no_answer},
                                                                     {"close", Kind::close},
                                                                     {"reset", Kind::reset},
                                                                     {"half_answer", Kind::half_answer},
                                                                     {"accept_then_close", Kind::accept_then_close},
                                                                     {"delay", Kind::delay},
                                                                     {"rewrite", Kind::rewrite}}};

std::string text(const json::object& object, std::string_view key, std::string_view otherwise = {}) {
  const auto* found = object.if_contains(key);
  return std::string(found != nullptr && found->is_string() ? std::string_view(found->get_string()) : otherwise);
}

/// Bounded to a day's milliseconds.
int number(const json::object& object, std::string_view key, int otherwise) {
  const auto* found = object.if_contains(key);
  if (found == nullptr || !found->is_int64()) return otherwise;
  return static_cast<int>(std::clamp<std::int64_t>(found->get_int64(), 0, 86'400'000));
}

std::optional<sms::smsc::Script> script_of(const json::object& object) {
  const auto fate = sms::smsc::fate_of(text(object, "fate"));
  if (!fate) return std::nullopt;
  return sms::smsc::Script{.prefix = text(object, "prefix"),
                           .fate = *fate,
                           .after = base::milliseconds(number(object, "after_ms", 200)),
                           .times = number(object, "times", 0)};
}

std::optional<FaultOrder> order_of(const json::object& object) {
  const auto kind = std::ranges::find(kinds, text(object, "kind", "status"), &decltype(kinds)::value_type::first);
  const int status = number(object, "status", 500);
  if (kind == kinds.end() || status < 200 || status > 599) return std::nullopt;
  return FaultOrder{.side = text(object, "side"),
                    .fault = {.kind = kind->second,
                              .status = status,
                              .retry_after = text(object, "retry_after"),
                              .delay = base::milliseconds(number(object, "delay_ms", 0)),
                              .times = number(object, "times", 1),
                              .from = text(object, "from"),
                              .to = text(object, "to"),
                              .method = text(object, "method")}};
}

}  // namespace

std::optional<std::variant<FaultOrder, sms::smsc::Script>> read_fault(std::string_view body) {
  boost::system::error_code error;
  const auto value = json::parse(json::string_view(body.data(), body.size()), error);
  if (error || !value.is_object()) return std::nullopt;
  const auto& object = value.get_object();
  if (text(object, "side") == "phones") {
    if (auto script = script_of(object)) return *script;
    return std::nullopt;
  }
  if (auto order = order_of(object)) return *order;
  return std::nullopt;
}

std::optional<Fault> Faults::take(const std::string& side, const std::string& method) {
  auto& waiting = waiting_[side];
  const auto found = std::ranges::find_if(
      waiting, [&](const Fault& fault) { return fault.times > 0 && (fault.method.empty() || fault.method == method); });
  if (found == waiting.end()) return std::nullopt;
  Fault fault = *found;
  if (--found->times <= 0) waiting.erase(found);
  return fault;
}

}  // namespace broadcaster::channels
