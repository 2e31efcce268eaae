// Pages as they are kept in the state and as `status` and `page` show them. Thread rule: pure.
//
//   kept:   {"next":13,"pages":[PAGE]}
//   PAGE:   {"page":"P12","key","text":TEXT,"opened","calls":"one_after_the_other|all_at_once","order":[person],
//            "called":[{"person","tries","last","reached"}],"acknowledged":[{"by","at","how"}],"ended":null}
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "broadcaster/service/paging/pager.hpp"

namespace broadcaster::service {

boost::json::object to_json(const Page& page);

struct KeptPages {
  std::vector<Page> pages;
  PageNumber next = 1;
};
std::string kept_text(const KeptPages& kept);
/// Errors: bad_input for what is none of ours.
base::Result<KeptPages> parse_kept(const std::string& text);

}  // namespace broadcaster::service
