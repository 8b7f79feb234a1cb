using Opentelemetry.Proto.Trace.V1;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Api;

namespace P2PCloud.Local.Tests;

public sealed class TraceTests(CloudFixture fixture) : IClassFixture<CloudFixture>
{
    private static readonly CancellationToken Limit = TestContext.Current.CancellationToken;

    public static TheoryData<string, string?> Lookups => new()
    {
        { Techniques.Napster, null },
        { Techniques.Gnutella, null },
        { Techniques.Kazaa, null },
        { Techniques.Chord, "recursive" },
        { Techniques.Chord, "iterative" },
    };

    [Theory]
    [MemberData(nameof(Lookups))]
    public async Task A_lookup_is_one_trace_from_the_gateway_to_the_last_hop(string technique, string? mode)
    {
        var (_, trace) = await LookupAsync(technique, mode);

        var ids = trace.Select(span => span.SpanId).ToHashSet();
        Assert.Single(trace, span => span.ParentSpanId.IsEmpty);
        Assert.All(trace.Where(span => !span.ParentSpanId.IsEmpty), span => Assert.Contains(span.ParentSpanId, ids));
        Assert.Single(trace, span => span.Name == $"{technique}.lookup");
    }

    [Theory]
    [MemberData(nameof(Lookups))]
    public async Task The_hop_spans_are_the_hops_of_the_answer(string technique, string? mode)
    {
        var (result, trace) = await LookupAsync(technique, mode);

        var spans = trace.Where(span => span.Name == $"{technique}.hop").Select(span => (From: Attribute(span, "p2p.node"), To: Attribute(span, "p2p.next")));
        Assert.Equal(result.Hops.Select(hop => (hop.From, hop.To)).Order(), spans.Order());
        Assert.NotEmpty(result.Hops);
    }

    [Fact]
    public async Task A_flood_stays_under_2000_spans_and_records_duplicates_as_events()
    {
        var (result, trace) = await LookupAsync(Techniques.Gnutella, null);

        Assert.InRange(trace.Count, 1, 2000);
        Assert.Contains(trace.SelectMany(span => span.Events), happened => happened.Name == "p2p.duplicate");
        Assert.True(result.Messages > result.Hops.Count);
    }

    private async Task<(LookupResult Result, IReadOnlyList<Span> Trace)> LookupAsync(string technique, string? mode)
    {
        var result = await fixture.Http.LookupAsync("overlays chord", technique, Limit, from: "peer-5", mode: mode);
        var trace = await fixture.Receiver.TraceAsync(
            result.TraceId,
            spans => spans.Any(span => span.ParentSpanId.IsEmpty) && spans.Count(span => span.Name == $"{technique}.hop") >= result.Hops.Count,
            Limit);
        return (result, trace);
    }

    private static string Attribute(Span span, string key) => span.Attributes.First(attribute => attribute.Key == key).Value.StringValue;
}
