// The states of a delivery and the one table of legal changes.
//
//   pending ──► sent ──► accepted ──► confirmed
//     ▲ ▲        │ │        ▲  └────► failed ──► confirmed (late positive proof wins)
//     │ │        │ └► unknown ──┘ (evidence)
//     │ └────────┘      │
//     └─────────────────┘ (resend, where the endpoint says so)
//   pending ──► expired | cancelled: only what was certainly not sent.
//
// A resend goes from unknown to pending to sent in one commit: on disk, what may have arrived never waits as pending,
// so proof of it wins whenever it comes.
//
// `unknown` is honest and may be final: it is reported at expiry. Thread rule: constants.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace broadcaster::delivery {

enum class State : std::uint8_t { pending, sent, accepted, confirmed, unknown, failed, expired, cancelled };
inline constexpr std::size_t state_count = 8;
inline constexpr std::array<State, state_count> all_states = {State::pending,   State::sent,     State::accepted,
                                                              State::confirmed, State::unknown,  State::failed,
                                                              State::expired,   State::cancelled};

/// legal(from, to): rows are `from`, in the order of all_states.
inline constexpr bool legal_change[state_count][state_count] = {
    //            pend   sent   acc    conf   unkn   fail   exp    canc
    /*pending*/ {true, true, false, false, false, true, true, true},
    /*sent*/ {true, false, true, true, true, true, false, false},
    /*accepted*/ {false, false, false, true, false, true, false, false},
    /*confirmed*/ {false, false, false, false, false, false, false, false},
    /*unknown*/ {true, false, true, true, false, true, false, false},
    /*failed*/ {false, false, false, true, false, false, false, false},
    /*expired*/ {false, false, false, false, false, false, false, false},
    /*cancelled*/ {false, false, false, false, false, false, false, false},
};

constexpr bool legal(State from, State to) {
  return legal_change[static_cast<std::size_t>(from)][static_cast<std::size_t>(to)];
}

/// Work may still be done by itself: pending, sent, unknown.
constexpr bool open(State state) { return state == State::pending || state == State::sent || state == State::unknown; }

/// "pending", … as in files, JSON and the record.
std::string_view name(State state);

}  // namespace broadcaster::delivery
