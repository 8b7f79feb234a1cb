using System.Net;
using Opentelemetry.Proto.Trace.V1;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Api;

namespace P2PCloud.Local.Tests;

public sealed class TraceTests(CloudFixture fixture) : IClassFixture<CloudFixture>
{
    private const int TriesMax = 3;

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
    public async Task Every_hop_of_the_answer_is_a_span(string technique, string? mode)
    {
        var (result, trace) = await LookupAsync(technique, mode);

        Assert.NotEmpty(result.Hops);
        Assert.Empty(Without(Hops(result), Spans(trace, technique)));
    }

    /// <summary>Chord asks another node when one takes long: then its trace has spans of both, and the answer the hops of the first to answer.</summary>
    [Theory]
    [InlineData(Techniques.Napster)]
    [InlineData(Techniques.Gnutella)]
    [InlineData(Techniques.Kazaa)]
    public async Task Every_hop_span_is_a_hop_of_the_answer(string technique)
    {
        var (result, trace) = await LookupAsync(technique, null);

        Assert.Empty(Without(Spans(trace, technique), Hops(result)));
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
        var result = await AskAsync(technique, mode);
        var trace = await fixture.Receiver.TraceAsync(
            result.TraceId,
            spans => spans.Any(span => span.ParentSpanId.IsEmpty) && spans.Count(span => span.Name == $"{technique}.hop") >= result.Hops.Count,
            Limit);
        return (result, trace);
    }

    /// <summary>A technique that has no answer within its time says 503, as on a busy machine: it is asked again.</summary>
    private async Task<LookupResult> AskAsync(string technique, string? mode)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await fixture.Http.LookupAsync("overlays chord", technique, Limit, from: "peer-5", mode: mode);
            }
            catch (HttpRequestException failure) when (failure.StatusCode is HttpStatusCode.ServiceUnavailable && tries < TriesMax)
            {
            }
        }
    }

    private static IEnumerable<(string From, string To)> Hops(LookupResult result) => result.Hops.Select(hop => (hop.From, hop.To));

    private static IEnumerable<(string From, string To)> Spans(IReadOnlyList<Span> trace, string technique) => trace
        .Where(span => span.Name == $"{technique}.hop")
        .Select(span => (Attribute(span, "p2p.node"), Attribute(span, "p2p.next")));

    private static List<(string From, string To)> Without(IEnumerable<(string From, string To)> some, IEnumerable<(string From, string To)> others)
    {
        var left = some.ToList();
        foreach (var other in others)
        {
            left.Remove(other);
        }

        return left;
    }

    private static string Attribute(Span span, string key) => span.Attributes.First(attribute => attribute.Key == key).Value.StringValue;
}
