// Who is woken when something must not wait for the morning, and how: config/duty.yaml (R51). Optional: without it
// nobody is paged, and `status` and `check` say so.
//
//   next_after: 2m            # nobody has acknowledged for so long: the next person is called as well
//   again_every: 1m           # whoever was called is called again, until somebody acknowledges
//   shifts:                   # the first that fits decides; together they must leave no minute of the week to nobody
//     - {days: [sat, sun], from: "07.00", until: "19.00", order: [ratna.kusuma, bayu.pratama]}
//     - {order: [bayu.pratama, ratna.kusuma]}          # without days and hours: always
//   people:
//     - person: bayu.pratama                           # as in people.yaml
//       language: id                                   # optional: the agency's
//       wake: [{way: sms, to: "+62…"}, {way: push, to: env:BAYU_TOPIC}, {way: mail, to: bayu@example.org}]
//   ways:
//     - {name: sms, kind: sms, mode: live, endpoint: sms-staff-live}          # a gateway of endpoints.yaml
//     - {name: sms2, kind: sms, mode: live, url: "https://…", username: x, password: env:PW, sender: BPBD}  # or its
//     own
//     - {name: push, kind: ntfy, mode: live, url: "https://ntfy.example.org", token: env:NTFY_TOKEN}  # token optional
//     - {name: mail, kind: email, mode: live, url: "smtps://mail.example.org:465", from: pages@example.org,
//        username: pages, password: file:mail.pw}      # username, password, ca optional
//
// A secret that an endpoint uses is used here by `endpoint:` alone: this file is not signed, so it must not say where
// that secret goes. A way has a mode, as an endpoint has: a process of the other mode never opens it. All ways of a
// person are used at once, each time. A shift over midnight belongs to the day when it begins. Thread rule: plain
// values, pure functions.
#pragma once

#include <bitset>
#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "broadcaster/approval/people.hpp"
#include "broadcaster/plan/endpoint.hpp"

namespace broadcaster::service {

enum class WayKind { sms, ntfy, email };

/// One way to wake people. What may be a secret is a reference still: page_ways.hpp opens it.
struct PageWay {
  std::string name;
  WayKind kind = WayKind::ntfy;
  alert::Mode mode = alert::Mode::drill;
  std::string url;  ///< without a slash at its end
  std::string username;
  std::string password;  ///< of sms and email; a reference, or empty
  std::string token;     ///< of ntfy; a reference, or empty
  std::string sender;    ///< of sms: how the message is headed; of email: the address that it is from
  std::string smsc;      ///< of sms; empty: the gateway chooses
  std::string ca;        ///< of email: PEM, relative to the configuration; empty: the system's
};

struct Wake {
  std::string way;
  std::string to;  ///< number, topic or address, or a reference to where it is kept
};

struct OnDuty {
  std::string person;    ///< id in people.yaml
  std::string name;      ///< as people call them
  std::string language;  ///< empty: the agency's
  std::vector<Wake> wake;
};

/// Minutes of the week, Monday 00.00 first; local time.
constexpr std::size_t minutes_a_week = 7 * 24 * 60;

struct Shift {
  std::bitset<minutes_a_week> when;
  std::vector<std::string> order;  ///< persons; at least one, each once
};

struct Duty {
  std::chrono::seconds next_after{120};
  std::chrono::seconds again_every{60};
  std::vector<Shift> shifts;  ///< every minute of the week is in one of them
  std::vector<OnDuty> people;
  std::vector<PageWay> ways;

  const OnDuty* find(std::string_view person) const;
  const PageWay* way(std::string_view name) const;
  /// Has this person a way in this mode?
  bool reachable(const OnDuty& person, alert::Mode mode) const;
  bool has_ways(alert::Mode mode) const;
};

/// Who is called now, in this order. `offset`: of local time from UTC.
const std::vector<std::string>& on_duty(const Duty& duty, base::WallTime now, std::chrono::minutes offset);

/// What duty.yaml is held against.
struct DutyContext {
  const approval::People& people;
  std::span<const plan::Endpoint> endpoints;
};

/// Every mistake at once, with file, line and column: a person or way that is not there, a minute without anybody,
/// somebody in a shift who has no way in a mode that has ways, an SMS gateway of the other mode, a bare secret.
base::Checked<Duty> parse_duty(const std::string& text, const std::string& file, const DutyContext& context);
/// nullopt: there is no such file.
base::Checked<std::optional<Duty>> read_duty(const std::filesystem::path& path, const DutyContext& context);

}  // namespace broadcaster::service
