#include "broadcaster/cli/following.hpp"

#include "broadcaster/approval/confirm.hpp"
#include "broadcaster/cli/ask.hpp"
#include "broadcaster/cli/json_values.hpp"
#include "broadcaster/cli/watch.hpp"

namespace broadcaster::cli {
namespace json = boost::json;
namespace {

int follow(const Context& context, service::Session& session, const json::object& submitted) {
  const auto& screen = context.screen();
  auto watched = watch(context, session, text_of(submitted, "alert"));
  if (!watched) return screen.fail(watched.error());
  const auto code = text_of(submitted, "code");
  switch (watched->end) {
    case Watched::End::interrupted:
      screen.note(
          {session.owner() == service::Session::Where::here ? "cli.left_stops" : "cli.left_goes_on", {{"code", code}}});
      return Exit::interrupted;
    case Watched::End::settled:
      break;
  }
  const auto status = exit_of(watched->alert);
  if (context.output() == Context::Output::json) {
    screen.json(watched->alert);
    return status;
  }
  show_blocked(context, watched->alert);
  screen.line(end_line(status, code));
  return status;
}

}  // namespace

base::Result<void> confirm_release(const Context& context, const plan::Plan& plan, const std::string& given) {
  const auto words = approval::expected_confirmation(plan);
  auto typed = given;
  if (typed.empty() && !words.empty()) {
    auto answer = Asker(context.screen()).ask({"cli.confirm_send", {{"words", words}}});
    if (!answer) return std::unexpected(answer.error());
    typed = *answer;
  }
  if (approval::matches(typed, plan)) return {};
  return base::fail(base::ErrorKind::refused, {"cli.wrong_words", {{"words", words.empty() ? "DRILL" : words}}});
}

int submit_and_follow(const Context& context, alert::Mode mode, json::object request, Wait wait,
                      const std::optional<base::Text>& instead) {
  const auto& screen = context.screen();
  const Interrupts interrupts;
  auto session = context.session(mode, service::Work::send);
  if (!session) return screen.fail(session.error());
  if (wait == Wait::no && session->owner() == service::Session::Where::here)
    return screen.fail(base::ErrorKind::unavailable,
                       {"cli.no_wait_needs_serve", {{"mode", std::string(alert::name(mode))}}});
  const auto submitted = session->ask(std::move(request));
  if (!submitted) {
    const auto status = screen.fail(submitted.error());
    if (instead && submitted.error().kind == base::ErrorKind::refused) screen.note(*instead);
    return status;
  }
  const bool joined = text_of(*submitted, "how") == "joined";
  if (context.output() == Context::Output::text)
    screen.line({joined ? "cli.joined" : "cli.released", {{"code", text_of(*submitted, "code")}}});
  if (wait == Wait::no) {
    if (context.output() == Context::Output::json) screen.json(*submitted);
    return Exit::done;
  }
  return follow(context, *session, *submitted);
}

}  // namespace broadcaster::cli
