// From a batch of attempts to commands and topics. Pure. Thread rule: plain functions.
//
// One alert, zone and program is one command id, whatever process asks and however often: a siren sounds once for it
// and repeats its answer. A stop is the cancel of every alert that it refers to, and then its own program.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "broadcaster/delivery/attempt.hpp"
#include "channels/siren/protocol/command.hpp"

namespace broadcaster::channels::siren {

struct Controller {
  std::string site;
  std::string id;
  Mode mode = Mode::drill;
};

Mode mode_of(alert::Mode mode);

/// A UUID (RFC 9562, version 8) from mode, alert, zone, program, duration and the approved plan.
std::string command_id(const delivery::Content& content);
/// The one that decides about the attempt: the program's, or the (last) cancel's where a stop has no program.
/// Empty: there is nothing that a siren could do.
std::string deciding_id(const delivery::Content& content);

/// The identifiers in CAP references ("sender,identifier,sent", separated by spaces).
std::vector<std::string> referenced(const std::string& references);

/// Commands for one topic, in order; the last one decides. counter, issued_at and not_after are still open.
struct Order {
  std::string topic;
  std::vector<Command> commands;
  std::vector<std::size_t> attempts;  ///< indexes into the batch
};

/// More than one siren of a zone at its first attempt: one order to the group; everything else to each siren.
/// Attempts that no siren could follow (deciding_id is empty) are left out.
std::vector<Order> orders(std::span<const delivery::Attempt> batch, const Controller& controller);

}  // namespace broadcaster::channels::siren
