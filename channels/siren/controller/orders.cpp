#include "channels/siren/controller/orders.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>

#include "broadcaster/base/digest.hpp"

namespace broadcaster::channels::siren {
namespace {

using delivery::Attempt;
using delivery::Content;

std::string uuid_of(const std::string& text) {
  auto digest = base::sha256(text);
  digest[6] = static_cast<std::uint8_t>((digest[6] & 0x0f) | 0x80);  // version 8
  digest[8] = static_cast<std::uint8_t>((digest[8] & 0x3f) | 0x80);  // variant
  const auto hex = base::hex(std::span(digest).first(16));
  return fmt::format("{}-{}-{}-{}-{}", hex.substr(0, 8), hex.substr(8, 4), hex.substr(12, 4), hex.substr(16, 4),
                     hex.substr(20));
}

const plan::SirenProgram* program_of(const Content& content) {
  const auto* program = std::get_if<plan::SirenProgram>(&content.body);
  return program && !program->program.empty() && program->duration.count() > 0 ? program : nullptr;
}

std::string cancel_id(const Content& content, const std::string& alert) {
  return uuid_of(fmt::format("siren-cancel-1\n{}\n{}\n{}\n{}\n{}", name(mode_of(content.mode)), alert,
                             content.alert_identifier, content.zone.value, content.plan_digest));
}

Command common(const Content& content, const Controller& controller, std::vector<std::string> targets) {
  Command command;
  command.mode = controller.mode;
  command.targets = std::move(targets);
  command.controller_id = controller.id;
  command.approval_hash = content.plan_digest;
  command.reason = content.alert_code;
  return command;
}

std::vector<Command> commands(const Content& content, const Controller& controller,
                              const std::vector<std::string>& targets) {
  std::vector<Command> out;
  if (content.is_stop)
    for (const auto& alert : referenced(content.references)) {
      auto cancel = common(content, controller, targets);
      cancel.action = Action::cancel;
      cancel.alert_id = alert;
      cancel.cmd_id = cancel_id(content, alert);
      out.push_back(std::move(cancel));
    }
  if (const auto* program = program_of(content)) {
    auto activate = common(content, controller, targets);
    activate.action = Action::activate;
    activate.alert_id = content.alert_identifier;
    activate.cmd_id = command_id(content);
    activate.program = program->program;
    activate.hazard = content.hazard;
    activate.duration = program->duration;
    out.push_back(std::move(activate));
  }
  return out;
}

Order order(std::span<const Attempt> batch, std::vector<std::size_t> indexes, std::string topic,
            const Controller& controller) {
  std::vector<std::string> targets;
  for (const auto index : indexes) targets.push_back(batch[index].recipient);
  auto list = commands(*batch[indexes.front()].content, controller, targets);
  return {std::move(topic), std::move(list), std::move(indexes)};
}

}  // namespace

Mode mode_of(alert::Mode mode) { return mode == alert::Mode::live ? Mode::live : Mode::drill; }

std::string command_id(const Content& content) {
  const auto* program = std::get_if<plan::SirenProgram>(&content.body);
  return uuid_of(fmt::format("siren-command-1\n{}\n{}\n{}\n{}\n{}\n{}", name(mode_of(content.mode)),
                             content.alert_identifier, content.zone.value, program ? program->program : "",
                             program ? program->duration.count() : 0, content.plan_digest));
}

std::string deciding_id(const Content& content) {
  if (program_of(content)) return command_id(content);
  const auto stopped = content.is_stop ? referenced(content.references) : std::vector<std::string>{};
  return stopped.empty() ? "" : cancel_id(content, stopped.back());
}

std::vector<std::string> referenced(const std::string& references) {
  std::vector<std::string> out;
  std::string_view rest = references;
  while (!rest.empty()) {
    const auto space = rest.find(' ');
    const auto one = rest.substr(0, space);
    rest.remove_prefix(space == std::string_view::npos ? rest.size() : space + 1);
    const auto first = one.find(',');
    const auto second = first == std::string_view::npos ? first : one.find(',', first + 1);
    if (second != std::string_view::npos) out.emplace_back(one.substr(first + 1, second - first - 1));
  }
  return out;
}

std::vector<Order> orders(std::span<const Attempt> batch, const Controller& controller) {
  std::map<std::string, std::vector<std::size_t>> groups;  // by what decides: alert, zone and program
  std::vector<Order> out;
  const auto alone = [&](std::size_t i) {
    out.push_back(order(batch, {i}, command_topic(controller.site, controller.mode, batch[i].recipient), controller));
  };
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const auto id = deciding_id(*batch[i].content);
    if (id.empty() || !valid_id(batch[i].recipient)) continue;
    const bool first_try = batch[i].id.number == 1 && valid_id(batch[i].content->zone.value);
    if (first_try)
      groups[id].push_back(i);
    else
      alone(i);
  }
  for (auto& [id, indexes] : groups) {
    if (indexes.size() == 1) {
      alone(indexes.front());
      continue;
    }
    auto topic = group_topic(controller.site, controller.mode, batch[indexes.front()].content->zone.value);
    out.push_back(order(batch, std::move(indexes), std::move(topic), controller));
  }
  return out;
}

}  // namespace broadcaster::channels::siren
