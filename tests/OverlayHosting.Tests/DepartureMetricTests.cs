using System.Diagnostics.Metrics;
using P2PCloud.Contracts;

namespace P2PCloud.OverlayHosting.Tests;

public sealed class DepartureMetricTests : IDisposable
{
    private static readonly CancellationToken Limit = TestContext.Current.CancellationToken;

    private readonly MeterListener _listener = new();
    private readonly List<(string Node, string Outcome, long Count)> _counted = [];

    public DepartureMetricTests()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "p2p.node.departures")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
        {
            var named = tags.ToArray().ToDictionary(tag => tag.Key, tag => $"{tag.Value}");
            lock (_counted)
            {
                _counted.Add((named[TelemetryNames.Node], named[TelemetryNames.Outcome], count));
            }
        });
        _listener.Start();
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task Departures_are_counted_from_zero_when_a_node_starts()
    {
        await Create("starting", leave: Task.CompletedTask).StartedAsync(Limit);

        Assert.Equal([("ok", 0), ("failed", 0)], Of("starting"));
    }

    [Fact]
    public async Task A_node_that_left_in_time_is_counted_as_such()
    {
        await Create("leaving", leave: Task.CompletedTask).StoppingAsync(Limit);

        Assert.Equal([("ok", 1)], Of("leaving"));
    }

    [Fact]
    public async Task A_node_that_could_not_hand_over_is_counted_as_failed()
    {
        await Create("failing", leave: Task.FromException(new NodeUnreachableException("nobody took the keys"))).StoppingAsync(Limit);

        Assert.Equal([("failed", 1)], Of("failing"));
    }

    private IEnumerable<(string Outcome, long Count)> Of(string node)
    {
        lock (_counted)
        {
            return [.. _counted.Where(counted => counted.Node == node).Select(counted => (counted.Outcome, counted.Count))];
        }
    }

    private static NodeLifecycle Create(string app, Task leave) => IdleNode.Create(new NodeOptions { App = app }, leave, TimeProvider.System);
}
