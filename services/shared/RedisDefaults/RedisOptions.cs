using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace P2PCloud.RedisDefaults;

/// <summary>Section <c>Redis</c>.</summary>
public sealed class RedisOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Redis";

    /// <summary>
    /// Short time-outs: a request with Redis down is refused within a second instead of waiting. The setting may change them.
    /// </summary>
    private const string Defaults = "abortConnect=false,connectTimeout=500,connectRetry=1,syncTimeout=600,asyncTimeout=600,";

    /// <summary>Address <c>host:port</c> and settings as StackExchange.Redis reads them, separated by commas.</summary>
    public string Configuration { get; set; } = "localhost:6379";

    /// <summary>The settings of the connection.</summary>
    /// <exception cref="ArgumentException">A setting is not known.</exception>
    public ConfigurationOptions Parse()
    {
        var parsed = ConfigurationOptions.Parse(Defaults + Configuration);
        parsed.BacklogPolicy = BacklogPolicy.FailFast;
        parsed.HeartbeatInterval = TimeSpan.FromMilliseconds(200);
        parsed.ReconnectRetryPolicy = new ExponentialRetry(200, 2000);
        return parsed;
    }
}

/// <summary>Checks <see cref="RedisOptions"/> when the service starts.</summary>
public sealed class RedisOptionsValidator : IValidateOptions<RedisOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, RedisOptions options)
    {
        try
        {
            return options.Parse().EndPoints.Count > 0
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail("Redis:Configuration names no host.");
        }
        catch (ArgumentException failure)
        {
            return ValidateOptionsResult.Fail($"Redis:Configuration: {failure.Message}");
        }
    }
}
