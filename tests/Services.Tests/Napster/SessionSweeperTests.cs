using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using P2PCloud.CentralDirectory;
using P2PCloud.Contracts.Napster;
using P2PCloud.Overlays.Common;
using P2PCloud.RedisDefaults;
using StackExchange.Redis;

namespace P2PCloud.Services.Tests.Napster;

[Collection(RedisTests.Name)]
public sealed class SessionSweeperTests(RedisFixture redis)
{
    private static readonly CancellationToken Limit = TestContext.Current.CancellationToken;

    private readonly FakeTimeProvider _time = new();
    private readonly IOptions<DirectoryOptions> _options = Options.Create(new DirectoryOptions());

    [Fact]
    public async Task Ended_sessions_are_freed_as_time_goes_by()
    {
        await redis.ClearAsync();
        var sessions = new RedisSessions(redis.Database.Multiplexer, _options);
        await sessions.LoginAsync(new LoginRequest("peer-1", 1), Limit);
        await sessions.ShareAsync(new ShareRequest("peer-1", 1, [new("cc", "song", 1)]), Limit);
        await sessions.LogoutAsync(new LogoutRequest("peer-1", 1), Limit);
        using var metrics = new DirectoryMetrics();
        using var sweeper = Sweeper(sessions, metrics);

        await sweeper.StartAsync(Limit);

        await Eventually.BecomesTrueAsync(
            async () =>
            {
                _time.Advance(_options.Value.SweepInterval * 1.2);
                return (await redis.KeysAsync()).Count == 1;
            },
            "only the counter of sessions stays");
        await sweeper.StopAsync(Limit);
    }

    [Fact]
    public async Task With_Redis_down_sweeps_fail_are_counted_and_go_on()
    {
        string address;
        using (var embedded = new EmbeddedRedis())
        {
            address = embedded.Address;
        }

        await using var down = await ConnectionMultiplexer.ConnectAsync(new RedisOptions { Configuration = address }.Parse());
        long failures = 0;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == "p2p.directory.sweep.failures")
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, measurement, _, _) => Interlocked.Add(ref failures, measurement));
        listener.Start();
        using var metrics = new DirectoryMetrics();
        using var sweeper = Sweeper(new RedisSessions(down, _options), metrics);

        await sweeper.StartAsync(Limit);

        await Eventually.BecomesTrueAsync(
            () =>
            {
                _time.Advance(_options.Value.SweepRetryMax * 1.2);
                return Task.FromResult(Interlocked.Read(ref failures) >= 2);
            },
            "two failures");
        Assert.False(sweeper.ExecuteTask!.IsCompleted);
        await sweeper.StopAsync(Limit);
    }

    private SessionSweeper Sweeper(RedisSessions sessions, DirectoryMetrics metrics) =>
        new(sessions, metrics, new SplitMix64(1), _time, _options, NullLogger<SessionSweeper>.Instance);
}
