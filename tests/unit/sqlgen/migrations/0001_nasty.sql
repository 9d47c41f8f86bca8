-- \ " ??/ %s 	 tab
SELECT 'é
1';
