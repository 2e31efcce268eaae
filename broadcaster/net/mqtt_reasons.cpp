#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "broadcaster/net/mqtt.hpp"

namespace broadcaster::net {
namespace {

struct Reason {
  int code;
  std::string_view text;
};

// MQTT 5 §2.4, in ascending order.
constexpr std::array reasons{
    Reason{0, "success"},
    Reason{4, "disconnected with will"},
    Reason{16, "no matching subscribers"},
    Reason{17, "no subscription existed"},
    Reason{128, "unspecified error"},
    Reason{129, "malformed packet"},
    Reason{130, "protocol error"},
    Reason{131, "implementation specific error"},
    Reason{132, "protocol version not supported"},
    Reason{133, "client id not valid"},
    Reason{134, "bad user name or password"},
    Reason{135, "not authorized"},
    Reason{136, "server unavailable"},
    Reason{137, "server busy"},
    Reason{138, "banned"},
    Reason{139, "server shutting down"},
    Reason{140, "bad authentication method"},
    Reason{141, "keep-alive timeout"},
    Reason{142, "session taken over: another link uses the same client id"},
    Reason{143, "topic filter invalid"},
    Reason{144, "topic name invalid"},
    Reason{145, "packet id in use"},
    Reason{147, "receive maximum exceeded"},
    Reason{148, "topic alias invalid"},
    Reason{149, "packet too large"},
    Reason{150, "message rate too high"},
    Reason{151, "quota exceeded"},
    Reason{152, "administrative action"},
    Reason{153, "payload format invalid"},
    Reason{154, "retain not supported"},
    Reason{155, "QoS not supported"},
    Reason{156, "use another server"},
    Reason{157, "server moved"},
    Reason{158, "shared subscriptions not supported"},
    Reason{159, "connection rate exceeded"},
    Reason{160, "maximum connect time"},
    Reason{161, "subscription ids not supported"},
    Reason{162, "wildcard subscriptions not supported"},
};

}  // namespace

std::string reason_text(int reason) {
  const auto it =
      std::lower_bound(reasons.begin(), reasons.end(), reason, [](const Reason& r, int code) { return r.code < code; });
  const bool known = it != reasons.end() && it->code == reason;
  return fmt::format("{} ({})", known ? it->text : "unknown reason", reason);
}

}  // namespace broadcaster::net
