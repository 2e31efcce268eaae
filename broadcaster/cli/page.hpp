// Pages as an officer reads them: who is called, who has acknowledged. Thread rule: one thread.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "broadcaster/approval/release.hpp"
#include "broadcaster/cli/context.hpp"

namespace broadcaster::cli {

struct PageChoice {
  std::string page;
  std::string by;  ///< empty: the login
};

/// broadcaster page: what is open.
int pages(const Context& context);
int page_ack(const Context& context, const PageChoice& options);

/// broadcaster page approvers: everybody who may sign this plan, or release it alone, is called at once.
int page_approvers(const Context& context, const std::string& file);

/// The owner calls them. Errors: what the owner said. What comes back: page, opened.
base::Checked<boost::json::object> ask_for_approvers(const Context& context, const approval::SignedPlan& plan,
                                                     const std::string& file);
/// "P12: everybody who may approve it is called since 02.16 …".
base::Text approvers_paged(const Context& context, const boost::json::object& paged);

/// In `status`: that nobody is paged, or who is on duty and what is open. `pages`: paging/pages.hpp.
void show_pages(const Context& context, const boost::json::object& pages);

/// For `check` and `status`: why nobody would be woken in this mode; nullopt: somebody is.
std::optional<base::Text> nobody_woken(const service::Config& config, alert::Mode mode);

}  // namespace broadcaster::cli
