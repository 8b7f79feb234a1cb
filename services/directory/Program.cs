using P2PCloud.CentralDirectory;
using P2PCloud.ServiceDefaults;

var builder = WebApplication.CreateSlimBuilder(args);
builder.AddProcessTelemetry("directory");
DirectoryService.Add(builder);
var app = builder.Build();
DirectoryService.Map(app);
await app.RunAsync();
