using StackExchange.Redis;

namespace P2PCloud.Services.Tests;

/// <summary>One server for all tests that need one: embedded, or the one that P2PCLOUD_TEST_REDIS names, whose data are deleted.</summary>
public sealed class RedisFixture : IAsyncLifetime
{
    private readonly List<IConnectionMultiplexer> _connections = [];
    private EmbeddedRedis? _embedded;

    public string Address { get; private set; } = "";

    /// <summary>A connection for a test's own questions.</summary>
    public IDatabase Database => _connections[0].GetDatabase();

    public async ValueTask InitializeAsync()
    {
        if (Environment.GetEnvironmentVariable("P2PCLOUD_TEST_REDIS") is { Length: > 0 } address)
        {
            Address = address;
        }
        else
        {
            _embedded = new EmbeddedRedis();
            Address = _embedded.Address;
        }

        await ConnectAsync();
    }

    /// <summary>A connection of its own, as each replica of a service has.</summary>
    public async Task<IConnectionMultiplexer> ConnectAsync()
    {
        var connection = await ConnectionMultiplexer.ConnectAsync($"{Address},allowAdmin=true");
        _connections.Add(connection);
        return connection;
    }

    /// <summary>Deletes everything.</summary>
    public Task ClearAsync() => Database.ExecuteAsync("FLUSHDB");

    /// <summary>Names of all keys, in ordinal order.</summary>
    public async Task<IReadOnlyList<string>> KeysAsync() =>
        [.. ((RedisResult[])(await Database.ExecuteAsync("KEYS", "*"))!).Select(key => (string)key!).Order(StringComparer.Ordinal)];

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections)
        {
            await connection.DisposeAsync();
        }

        _embedded?.Dispose();
    }
}

/// <summary>The tests that share a server run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class RedisTests : ICollectionFixture<RedisFixture>
{
    public const string Name = "Redis";
}
