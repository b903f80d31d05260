// What the form of a call says of its service: names, keyword arguments, the receiver's name.
#pragma once

#include "privilege/aws_table.h"
#include "privilege/project.h"

namespace stanch::privilege {

// The call that this attribute is the function of, if any.
Node call_of(Node attribute);
// Whether words of a receiver tell its service: "self.ec2_client", "route53", "cfn".
bool hints_at(std::string_view receiver, std::string_view service);
// How many keyword arguments of a call are a service's; -1 where one is unknown to it, or an
// argument stands without a name, which clients' methods don't take.
int fit(const AwsService& service, Node call);

} // namespace stanch::privilege
