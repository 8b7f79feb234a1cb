using P2PCloud.Contracts.Api;

namespace P2PCloud.Contracts.Tests;

public class WireOperationsTests
{
    [Fact]
    public void Every_request_has_one_operation_with_its_reply()
    {
        var requests = MessageTypes.All.Where(type => MessageTypes.ReplyOf(type) is not null).ToList();

        Assert.Equal(requests.Select(type => type.Name).Order(), WireOperations.ByRequest.Keys.Select(type => type.Name).Order());
        Assert.All(requests, type => Assert.Equal(MessageTypes.ReplyOf(type), WireOperations.ByRequest[type].Reply.Type));
    }

    [Fact]
    public void Paths_are_unique_static_and_lower_case()
    {
        var paths = WireOperations.ByRequest.Values.Select(operation => operation.Path).ToList();

        Assert.Equal(paths.Count, paths.Distinct().Count());
        Assert.All(paths, path => Assert.Matches("^/[a-z]+/[a-z]+(-[a-z]+)*$", path));
    }

    [Fact]
    public void Every_message_is_a_request_or_the_reply_of_one()
    {
        var operations = WireOperations.ByRequest.Values;
        var requests = operations.Select(operation => operation.Request.Type);
        var used = requests.Union(operations.Select(operation => operation.Reply.Type)).ToHashSet();

        Assert.All(MessageTypes.All, type => Assert.Contains(type, used));
    }

    [Fact]
    public void Every_rest_body_has_generated_json() => Assert.All(
        typeof(LookupResult).Assembly.GetTypes()
            .Where(type => type.Namespace == typeof(LookupResult).Namespace && !MessageTypes.IsStatic(type)),
        type => Assert.NotNull(ContractsJsonContext.Default.GetTypeInfo(type)));
}
