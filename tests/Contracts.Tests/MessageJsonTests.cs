using System.Text.Json;
using System.Text.Json.Nodes;
using P2PCloud.Contracts.Gnutella;
using P2PCloud.Contracts.Kazaa;
using P2PCloud.Contracts.Napster;

namespace P2PCloud.Contracts.Tests;

public class MessageJsonTests
{
    private static readonly DescriptorId Guid = DescriptorId.FromRandomBits(0x0123456789ABCDEF, 0x1122334455667788);

    public static TheoryData<string> Messages => [.. MessageTypes.All.Select(type => type.FullName!)];

    [Theory]
    [MemberData(nameof(Messages))]
    public void Message_comes_back_from_json_as_it_went(string name)
    {
        var type = typeof(IMessage).Assembly.GetType(name)!;
        var info = ContractsJsonContext.Default.GetTypeInfo(type)!;

        var json = JsonSerializer.Serialize(Examples.Of(type), info);
        var again = JsonSerializer.Serialize(JsonSerializer.Deserialize(json, info), info);

        Assert.Equal(json, again);
    }

    [Fact]
    public void QueryRequest_has_its_golden_json() => Golden(
        new QueryRequest(Guid, 7, 0, "hey jude", 100),
        """{"guid":"0123456789abcdefff22334455667700","ttl":7,"hops":0,"query":"hey jude","limit":100}""");

    [Fact]
    public void QueryHitRequest_has_its_golden_json() => Golden(
        new QueryHitRequest(Guid, 3, 1, [new Posting("c0de", "Hey Jude.mp3", 42, "peer-3")]),
        """
        {"guid":"0123456789abcdefff22334455667700","ttl":3,"hops":1,
         "hits":[{"contentId":"c0de","name":"Hey Jude.mp3","size":42,"peer":"peer-3"}]}
        """);

    [Fact]
    public void FloodReport_has_its_golden_json() => Golden(
        new FloodReport(3, new Hop("a", "b", false, 1.5, Children: [new Hop("b", "c", false, 0, HopOutcomes.Unreachable)])),
        """
        {"messages":3,"hop":{"from":"a","to":"b","local":false,"elapsedMs":1.5,
         "children":[{"from":"b","to":"c","local":false,"elapsedMs":0,"outcome":"unreachable"}]}}
        """);

    [Fact]
    public void ConnectRequest_has_its_golden_json() => Golden(
        new ConnectRequest(new NodeRef("peer-3", null, "http://127.0.0.1:5003"), 2),
        """{"node":{"app":"peer-3","virtualNode":null,"endpoint":"http://127.0.0.1:5003"},"degree":2}""");

    [Fact]
    public void AttachRequest_has_its_golden_json() => Golden(new AttachRequest("peer-3", 7), """{"child":"peer-3","epoch":7}""");

    [Fact]
    public void SearchRequest_has_its_golden_json() =>
        Golden(new SearchRequest("abc", "hey jude", 100), """{"lookupId":"abc","query":"hey jude","limit":100}""");

    [Fact]
    public void Missing_field_is_refused() => Assert.Throws<JsonException>(
        () => JsonSerializer.Deserialize("""{"lookupId":"abc","limit":100}""", ContractsJsonContext.Default.SearchRequest));

    [Fact]
    public void Null_in_a_field_that_is_never_null_is_refused() => Assert.Throws<JsonException>(
        () => JsonSerializer.Deserialize("""{"lookupId":"abc","query":null,"limit":100}""", ContractsJsonContext.Default.SearchRequest));

    private static void Golden<T>(T message, string json)
    {
        var info = ContractsJsonContext.Default.GetTypeInfo(typeof(T))!;
        var expected = JsonNode.Parse(json)!.ToJsonString();
        Assert.Equal(expected, JsonSerializer.Serialize(message, info));
        Assert.Equal(expected, JsonSerializer.Serialize(JsonSerializer.Deserialize(json, info), info));
    }
}
