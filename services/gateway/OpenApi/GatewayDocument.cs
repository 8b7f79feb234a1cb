using Microsoft.OpenApi;

namespace P2PCloud.Gateway.OpenApi;

/// <summary>The OpenAPI document of the REST interface.</summary>
internal static class GatewayDocument
{
    public static IServiceCollection AddGatewayDocument(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            Describe(document);
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, _, _) =>
        {
            // The reader also takes numbers in quotes; nobody needs to know, and the writer never makes them.
            if (schema.Type is { } type && (type & (JsonSchemaType.Integer | JsonSchemaType.Number)) != 0)
            {
                schema.Type = type & ~JsonSchemaType.String;
                schema.Pattern = null;
            }

            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            OperationDetails.Add(operation, context.Description.HttpMethod);
            return Task.CompletedTask;
        });
    });

    private static void Describe(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "P2PCloud",
            Version = "1.0",
            Description = "Share, find and fetch files through Napster, Gnutella, KaZaA and Chord, which run side by side over the "
                + "same files. Errors are problem details (RFC 9457).",
            License = new OpenApiLicense { Name = "MIT", Identifier = "MIT" },
        };
        document.Tags = new HashSet<OpenApiTag>
        {
            new() { Name = "Files", Description = "Share files at a peer, list them, fetch them from a peer that has them." },
            new() { Name = "Lookups", Description = "Find files by one of the four techniques, and see what the search cost." },
            new() { Name = "Keys", Description = "Values under keys, replicated on the Chord ring." },
            new() { Name = "Topology", Description = "How the peers are connected in each overlay." },
            new() { Name = "Probes", Description = "For the platform that runs the gateway." },
        };
        document.Paths["/healthz/live"] = Probe("live", "Is the gateway running?", "Runs no check.");
        document.Paths["/healthz/ready"] = Probe(
            "ready", "Has every overlay joined?", "Text: the state, and on 503 a line for everything that is pending.", unready: true);
    }

    private static OpenApiPathItem Probe(string id, string summary, string description, bool unready = false)
    {
        var responses = new OpenApiResponses { ["200"] = Text("Yes.") };
        if (unready)
        {
            responses["503"] = Text("Not yet.");
        }

        var operation = new OpenApiOperation
        {
            OperationId = id,
            Summary = summary,
            Description = description,
            Tags = new HashSet<OpenApiTagReference> { new("Probes") },
            Responses = responses,
        };
        return new OpenApiPathItem { Operations = new() { [HttpMethod.Get] = operation } };
    }

    private static OpenApiResponse Text(string description) => new()
    {
        Description = description,
        Content = new Dictionary<string, OpenApiMediaType>
        {
            ["text/plain"] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String } },
        },
    };
}
