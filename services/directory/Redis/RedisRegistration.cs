using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using P2PCloud.ServiceDefaults;
using StackExchange.Redis;

namespace P2PCloud.CentralDirectory.Redis;

/// <summary>Registers the one connection to Redis. The service starts without Redis too, and is ready when it answers.</summary>
internal static class RedisRegistration
{
    public static void AddRedis(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<RedisOptions>().Bind(builder.Configuration.GetSection(RedisOptions.Section)).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<RedisOptions>, RedisOptionsValidator>();
        builder.Services.TryAddSingleton<IConnectionMultiplexer>(
            provider => ConnectionMultiplexer.Connect(provider.GetRequiredService<IOptions<RedisOptions>>().Value.Parse()));
        builder.Services.AddReadiness<RedisReadiness>();
        builder.Services.AddExceptionHandler<RedisUnavailable>();
    }
}
