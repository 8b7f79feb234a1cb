using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using P2PCloud.ServiceDefaults;
using StackExchange.Redis;

namespace P2PCloud.RedisDefaults;

/// <summary>Registers the one connection to Redis. The service starts without Redis too, and is ready when it answers.</summary>
public static class RedisRegistration
{
    /// <summary>Registers the connection, its options, readiness and the answer when it is lost.</summary>
    /// <param name="builder">Of the service.</param>
    /// <param name="consequence">A sentence or two for those who ask while Redis cannot be reached.</param>
    public static void AddRedis(this WebApplicationBuilder builder, string consequence)
    {
        builder.Services.AddSingleton(new RedisConsequence(consequence));
        builder.Services.AddOptions<RedisOptions>().Bind(builder.Configuration.GetSection(RedisOptions.Section)).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<RedisOptions>, RedisOptionsValidator>();
        builder.Services.TryAddSingleton<IConnectionMultiplexer>(
            provider => ConnectionMultiplexer.Connect(provider.GetRequiredService<IOptions<RedisOptions>>().Value.Parse()));
        builder.Services.AddReadiness<RedisReadiness>();
        builder.Services.AddExceptionHandler<RedisUnavailable>();
    }
}
