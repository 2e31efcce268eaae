#include "broadcaster/base/html.hpp"

#include <gtest/gtest.h>

namespace broadcaster::base {
namespace {

TEST(Html, NoTextBecomesAnElementOrEndsAnAttribute) {
  EXPECT_EQ(escape_html("<b a=\"1\">R&D</b>"), "&lt;b a=&quot;1&quot;&gt;R&amp;D&lt;/b&gt;");
  EXPECT_EQ(escape_html("Pergi ke bukit"), "Pergi ke bukit");
}

}  // namespace
}  // namespace broadcaster::base
