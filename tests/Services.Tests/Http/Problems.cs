using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Mvc;

namespace P2PCloud.Services.Tests.Http;

/// <summary>Checks of problem details (RFC 9457).</summary>
internal static class Problems
{
    public static async Task AssertAsync(HttpResponseMessage response, HttpStatusCode status, string said)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = await response.Content.ReadFromJsonAsync<ProblemDetails>(TestContext.Current.CancellationToken);
        Assert.Equal((int)status, problem!.Status);
        Assert.Contains(said, $"{problem.Title} {problem.Detail}", StringComparison.Ordinal);
    }
}
