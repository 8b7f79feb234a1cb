using P2PCloud.CentralDirectory;
using P2PCloud.ServiceDefaults;

return await ServiceProcess.RunAsync("directory", args, DirectoryService.Add, DirectoryService.Map, Console.Error);
